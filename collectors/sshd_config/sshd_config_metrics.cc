#include <array>
#include <utility>

#include "collectors/base/metrics.h"
#include "collectors/sshd_config/sshd_config.h"

namespace ssh_keepalive::sshd_config {
namespace {

Labels labels_of(const Instance& instance) {
  return {{"daemon", instance.daemon}, {"netns", instance.netns.label()}};
}

// What is known whether or not the configuration could be read.
struct StateGauge {
  std::string_view name;
  std::string_view help;
  std::optional<double> (*value)(const Instance& instance, const Facts& facts);
};

constexpr auto kStateGauges = std::to_array<StateGauge>({
    {"sshd_running",
     "Whether that sshd runs, or is started by systemd for each connection; "
     "absent where processes of others cannot be seen.",
     [](const Instance& i, const Facts& facts) -> std::optional<double> {
       if (!facts.processes_visible) {
         return std::nullopt;
       }
       return i.running || i.socket_activated ? 1 : 0;
     }},
    {"sshd_config_valid",
     "Whether sshd would start with the configuration as it is now; absent "
     "where it may not be read.",
     [](const Instance& i, const Facts& /*facts*/) -> std::optional<double> {
       if (!i.configuration) {
         return std::nullopt;
       }
       return i.configuration->globals.refusal ? 0 : 1;
     }},
    {"sshd_config_stale",
     "Whether the files now say something else than the running sshd has "
     "loaded, so that it needs a reload.",
     [](const Instance& i, const Facts& /*facts*/) -> std::optional<double> {
       if (!i.stale) {
         return std::nullopt;
       }
       return *i.stale ? 1 : 0;
     }},
    {"sshd_config_load_timestamp_seconds",
     "When the running sshd read its configuration, in seconds since the "
     "epoch.",
     [](const Instance& i, const Facts& /*facts*/) -> std::optional<double> {
       if (!i.loaded_at) {
         return std::nullopt;
       }
       return std::chrono::duration<double>(i.loaded_at->time_since_epoch())
           .count();
     }},
});

struct ValueGauge {
  std::string_view name;
  std::string_view help;
  double (*value)(const Effective& effective);
  openssh::Release since{};
};

constexpr auto kValueGauges = std::to_array<ValueGauge>({
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

std::vector<const Instance*> with_series(const Facts& facts) {
  std::vector<const Instance*> instances;
  for (const Instance& instance : facts.instances) {
    if (instance.netns.has_series()) {
      instances.push_back(&instance);
    }
  }
  return instances;
}

void append(prometheus::MetricFamily family,
            std::vector<prometheus::MetricFamily>& families) {
  if (!family.metric.empty()) {
    families.push_back(std::move(family));
  }
}

}  // namespace

void append_metrics(const Facts& facts,
                    std::vector<prometheus::MetricFamily>& families) {
  const std::vector<const Instance*> instances = with_series(facts);
  for (const StateGauge& gauge : kStateGauges) {
    prometheus::MetricFamily family = gauge_family(gauge.name, gauge.help);
    for (const Instance* const instance : instances) {
      if (const auto value = gauge.value(*instance, facts)) {
        add_gauge(family, labels_of(*instance), *value);
      }
    }
    append(std::move(family), families);
  }
  prometheus::MetricFamily info = gauge_family(
      "sshd_info",
      "Always 1: which SSH daemon runs. The version is that of the installed "
      "package, empty for a program that is no package's.");
  for (const Instance* const instance : instances) {
    if (instance->running || instance->socket_activated) {
      Labels labels = labels_of(*instance);
      labels.push_back(
          {"version", instance->version ? instance->version->text : ""});
      labels.push_back(
          {"implementation",
           std::string(name_of(instance->running
                                   ? instance->running->implementation
                                   : Implementation::kOpenSsh))});
      add_gauge(info, std::move(labels), 1);
    }
  }
  append(std::move(info), families);
  for (const ValueGauge& gauge : kValueGauges) {
    prometheus::MetricFamily family = gauge_family(gauge.name, gauge.help);
    for (const Instance* const instance : instances) {
      const auto& configuration = instance->configuration;
      if (configuration && !configuration->globals.refusal &&
          configuration->document.version.release >= gauge.since) {
        Labels labels = labels_of(*instance);
        labels.push_back({"scope", "global"});
        add_gauge(family, std::move(labels),
                  gauge.value(configuration->globals.effective));
      }
    }
    append(std::move(family), families);
  }
}

}  // namespace ssh_keepalive::sshd_config
