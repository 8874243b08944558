#include <array>
#include <string_view>

#include "collectors/base/metrics.h"
#include "collectors/ssh_config/ssh_config.h"

namespace ssh_keepalive::ssh_config {
namespace {

struct Gauge {
  std::string_view name;
  std::string_view help;
  std::optional<double> (*value)(const Profile& profile);
};

template <auto Member>
std::optional<double> read(const Profile& profile) {
  const auto& value = profile.*Member;
  return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

constexpr std::array kGauges = {
    Gauge{"ssh_server_alive_interval_seconds",
          "Silence after which ssh on this host asks the server, by the "
          "system's ssh_config; 0 is off, absent is undecided.",
          &read<&Profile::server_alive_interval_seconds>},
    Gauge{"ssh_server_alive_count_max",
          "Unanswered questions after which ssh on this host ends a session.",
          &read<&Profile::server_alive_count_max>},
    Gauge{"ssh_tcp_keepalive_enabled",
          "Whether ssh on this host asks the kernel for TCP keepalive, which "
          "has no effect behind a ProxyJump or ProxyCommand.",
          &read<&Profile::tcp_keepalive>},
};

}  // namespace

void append_metrics(const Facts& facts,
                    std::vector<prometheus::MetricFamily>& families) {
  for (const Gauge& gauge : kGauges) {
    prometheus::MetricFamily family = gauge_family(gauge.name, gauge.help);
    for (const Profile& profile : facts.profiles) {
      if (const std::optional<double> value = gauge.value(profile)) {
        add_gauge(family, {{"profile", profile.name}}, *value);
      }
    }
    if (!family.metric.empty()) {
      families.push_back(std::move(family));
    }
  }
}

}  // namespace ssh_keepalive::ssh_config
