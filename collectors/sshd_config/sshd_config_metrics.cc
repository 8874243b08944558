#include <array>
#include <utility>

#include "collectors/base/metrics.h"
#include "collectors/sshd_config/sshd_config.h"

namespace ssh_keepalive::sshd_config {
namespace {

struct Gauge {
  std::string_view name;
  std::string_view help;
  double (*value)(const Effective& effective);
  openssh::Release since{};
};

constexpr auto kGauges = std::to_array<Gauge>({
    {"sshd_client_alive_interval_seconds",
     "ClientAliveInterval outside Match blocks; 0 is off.",
     [](const Effective& e) -> double {
       return e.client_alive_interval_seconds.value;
     }},
    {"sshd_client_alive_count_max", "ClientAliveCountMax outside Match blocks.",
     [](const Effective& e) -> double {
       return e.client_alive_count_max.value;
     }},
    {"sshd_tcp_keepalive_enabled",
     "Whether TCPKeepAlive is yes, so that sshd's sockets have SO_KEEPALIVE.",
     [](const Effective& e) -> double {
       return e.tcp_keepalive.value ? 1 : 0;
     }},
    {"sshd_login_grace_seconds",
     "LoginGraceTime, which ends connections that have not authenticated; 0 is "
     "no limit.",
     [](const Effective& e) -> double { return e.login_grace_seconds.value; }},
    {"sshd_unused_connection_timeout_seconds",
     "UnusedConnectionTimeout outside Match blocks; 0 is none. Absent before "
     "OpenSSH 9.2.",
     [](const Effective& e) -> double {
       return e.unused_connection_timeout_seconds.value;
     },
     {9, 2}},
});

}  // namespace

void append_metrics(const Facts& facts,
                    std::vector<prometheus::MetricFamily>& families) {
  if (facts.configurations.empty()) {
    return;
  }
  prometheus::MetricFamily valid = gauge_family(
      "sshd_config_valid",
      "Whether sshd would start with the configuration as it is now; absent "
      "where it may not be read.");
  for (const Configuration& configuration : facts.configurations) {
    add_gauge(valid, {{"daemon", configuration.daemon}, {"netns", "host"}},
              configuration.globals.refusal ? 0 : 1);
  }
  families.push_back(std::move(valid));
  for (const Gauge& gauge : kGauges) {
    prometheus::MetricFamily family = gauge_family(gauge.name, gauge.help);
    for (const Configuration& configuration : facts.configurations) {
      if (!configuration.globals.refusal &&
          configuration.document.version.release >= gauge.since) {
        add_gauge(family,
                  {{"daemon", configuration.daemon},
                   {"netns", "host"},
                   {"scope", "global"}},
                  gauge.value(configuration.globals.effective));
      }
    }
    if (!family.metric.empty()) {
      families.push_back(std::move(family));
    }
  }
}

}  // namespace ssh_keepalive::sshd_config
