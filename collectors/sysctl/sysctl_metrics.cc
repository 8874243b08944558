#include <array>

#include "collectors/base/metrics.h"
#include "collectors/sysctl/sysctl.h"

namespace ssh_keepalive::sysctl {
namespace {

struct Gauge {
  std::string_view name;
  std::string_view help;
  std::optional<std::int64_t> Facts::*value;
  double units;  // of the fact in one unit of the metric
};

constexpr std::array kGauges = {
    Gauge{"sysctl_tcp_keepalive_time_seconds",
          "Silence before the kernel's first keepalive probe, from "
          "net.ipv4.tcp_keepalive_time.",
          &Facts::keepalive_time_seconds, 1},
    Gauge{"sysctl_tcp_keepalive_intvl_seconds",
          "Time between keepalive probes that nobody answers, from "
          "net.ipv4.tcp_keepalive_intvl.",
          &Facts::keepalive_intvl_seconds, 1},
    Gauge{"sysctl_tcp_keepalive_probes",
          "Unanswered keepalive probes that end a connection, from "
          "net.ipv4.tcp_keepalive_probes.",
          &Facts::keepalive_probes, 1},
    Gauge{"sysctl_tcp_retries2",
          "Setting that limits how long unacknowledged data is retransmitted, "
          "from net.ipv4.tcp_retries2.",
          &Facts::retries2, 1},
    Gauge{"sysctl_tcp_rto_min_seconds",
          "Smallest retransmission timeout, from net.ipv4.tcp_rto_min_us; "
          "absent before Linux 6.12.",
          &Facts::rto_min_microseconds, 1e6},
    Gauge{"sysctl_tcp_rto_max_seconds",
          "Largest retransmission timeout, from net.ipv4.tcp_rto_max_ms; "
          "absent before Linux 6.15.",
          &Facts::rto_max_milliseconds, 1e3},
    Gauge{"sysctl_nf_conntrack_tcp_timeout_established_seconds",
          "Silence after which this host's connection tracking forgets a TCP "
          "connection; absent without nf_conntrack.",
          &Facts::conntrack_established_seconds, 1},
};

}  // namespace

void append_metrics(const FactsByNetns& facts,
                    std::vector<prometheus::MetricFamily>& families) {
  for (const Gauge& gauge : kGauges) {
    prometheus::MetricFamily family = gauge_family(gauge.name, gauge.help);
    for (const auto& [netns, values] : facts) {
      const std::optional<std::int64_t>& value = values.*gauge.value;
      if (value && netns.has_series()) {
        add_gauge(family, {{"netns", netns.label()}},
                  static_cast<double>(*value) / gauge.units);
      }
    }
    if (!family.metric.empty()) {
      families.push_back(std::move(family));
    }
  }
}

}  // namespace ssh_keepalive::sysctl
