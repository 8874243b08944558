// Facts → the times that the layers' settings make: refresh and dead-peer
// times of the kernel, sshd and ssh.
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "collectors/base/metrics.h"
#include "diagnosis/ssh_lifetime.h"
#include "diagnosis/tcp_lifetime.h"
#include "exporter/exposition/families.h"

namespace ssh_keepalive {
namespace {

void append_tcp(const sysctl::FactsByNetns& facts, Families& families) {
  struct Row {
    std::string_view name;
    std::string_view help;
    std::optional<diagnosis::Seconds> diagnosis::TcpLifetime::*value;
  };
  static constexpr std::array kRows = {
      Row{"tcp_refresh_interval_seconds",
          "Longest wire silence that the kernel's keepalive lets happen on a "
          "connection with SO_KEEPALIVE and two healthy ends; +Inf is never "
          "refreshed.",
          &diagnosis::TcpLifetime::refresh_interval},
      Row{"tcp_dead_peer_seconds",
          "Time from the last packet of a vanished peer until the kernel's "
          "keepalive ends an idle connection; +Inf is never.",
          &diagnosis::TcpLifetime::dead_peer_time},
      Row{"tcp_retransmission_limit_seconds",
          "Time for which the kernel sends unacknowledged data again, counted "
          "from the first retransmission.",
          &diagnosis::TcpLifetime::retransmission_limit},
  };
  for (const Row& row : kRows) {
    prometheus::MetricFamily family = gauge_family(row.name, row.help);
    for (const auto& [netns, settings] : facts) {
      const auto value = diagnosis::tcp_lifetime(settings).*row.value;
      if (value && netns.has_series()) {
        add_gauge(family, {{"netns", netns.label()}}, value->count());
      }
    }
    if (!family.metric.empty()) {
      families.push_back(std::move(family));
    }
  }
}

// The two families of one end, refresh and dead peer, with their bounds.
struct RangeFamilies {
  prometheus::MetricFamily refresh;
  prometheus::MetricFamily dead_peer;

  void add(const Labels& labels, const diagnosis::SshLifetime& lifetime) {
    add_range(refresh, labels, lifetime.refresh_interval);
    add_range(dead_peer, labels, lifetime.dead_peer_time);
  }

  void append_to(Families& families) {
    for (prometheus::MetricFamily* const family : {&refresh, &dead_peer}) {
      if (!family->metric.empty()) {
        families.push_back(std::move(*family));
      }
    }
  }

 private:
  static void add_range(prometheus::MetricFamily& family, Labels labels,
                        const diagnosis::TimeRange& range) {
    labels.push_back({"bound", "earliest"});
    add_gauge(family, labels, range.earliest.count());
    labels.back().value = "latest";
    add_gauge(family, std::move(labels), range.latest.count());
  }
};

// The worst of the live sessions whose settings are known.
std::optional<diagnosis::SshLifetime> worst_live(
    const Facts& facts, const sshd_config::Instance& instance) {
  std::optional<diagnosis::SshLifetime> worst;
  for (std::size_t i = 0; i < facts.live_settings.size(); ++i) {
    const live_settings::Settings& settings = facts.live_settings[i];
    if (settings.server == nullptr || settings.daemon != instance.daemon ||
        facts.sessions->sessions[i].phase == sessions::Phase::kPreauth) {
      continue;  // before its login sshd sends no messages
    }
    const sshd_config::Effective& own = settings.server->effective;
    const diagnosis::SshLifetime one = diagnosis::client_alive_lifetime(
        own.client_alive_interval_seconds.value,
        own.client_alive_count_max.value, settings.server->release);
    if (!worst) {
      worst = one;
      continue;
    }
    worst->refresh_interval =
        last_of(worst->refresh_interval, one.refresh_interval);
    worst->dead_peer_time = last_of(worst->dead_peer_time, one.dead_peer_time);
  }
  return worst;
}

void append_sshd(const Facts& all, Families& families) {
  const sshd_config::Facts& facts = *all.sshd_config;
  RangeFamilies ranges{
      gauge_family("sshd_refresh_interval_seconds",
                   "Longest wire silence that sshd's ClientAlive messages let "
                   "happen between two healthy ends; +Inf is never refreshed."),
      gauge_family("sshd_dead_peer_seconds",
                   "Time from the last packet of a vanished client until "
                   "sshd's ClientAlive ends its session; +Inf is never.")};
  for (const sshd_config::Instance& instance : facts.instances) {
    if (!instance.configuration || instance.configuration->globals.refusal ||
        !instance.netns.has_series()) {
      continue;
    }
    const openssh::Release release =
        instance.configuration->document.version.release;
    const auto lifetime_of = [release](const sshd_config::ClientAlive& values) {
      return diagnosis::client_alive_lifetime(values.interval_seconds,
                                              values.count_max, release);
    };
    const sshd_config::Effective& globals =
        instance.configuration->globals.effective;
    const sshd_config::Reachable& reachable = instance.configuration->reachable;
    Labels labels = {{"daemon", instance.daemon},
                     {"netns", instance.netns.label()},
                     {"scope", "global"}};
    ranges.add(labels, lifetime_of({globals.client_alive_interval_seconds.value,
                                    globals.client_alive_count_max.value}));
    labels.back().value = "worst_configured";
    ranges.add(labels, {lifetime_of(reachable.latest_refresh).refresh_interval,
                        lifetime_of(reachable.latest_end).dead_peer_time});
    if (const auto worst = worst_live(all, instance)) {
      labels.back().value = "worst_live";
      ranges.add(labels, *worst);
    }
  }
  ranges.append_to(families);
}

void append_ssh(const ssh_config::Facts& facts, Families& families) {
  RangeFamilies ranges{
      gauge_family("ssh_refresh_interval_seconds",
                   "Longest wire silence that ssh's ServerAlive messages let "
                   "happen between two healthy ends; +Inf is never refreshed."),
      gauge_family("ssh_dead_peer_seconds",
                   "Time from the last packet of a vanished server until ssh's "
                   "ServerAlive ends the session; +Inf is never. With a count "
                   "of 0 a healthy session ends then as well.")};
  for (const ssh_config::Profile& profile : facts.profiles) {
    if (profile.server_alive_interval_seconds &&
        profile.server_alive_count_max) {
      ranges.add({{"profile", profile.name}},
                 diagnosis::server_alive_lifetime(
                     *profile.server_alive_interval_seconds,
                     *profile.server_alive_count_max));
    }
  }
  ranges.append_to(families);
}

}  // namespace

void append_lifetime_metrics(const Facts& facts, Families& families) {
  if (facts.sysctl) {
    append_tcp(*facts.sysctl, families);
  }
  if (facts.sshd_config) {
    append_sshd(facts, families);
  }
  if (facts.ssh_config) {
    append_ssh(*facts.ssh_config, families);
  }
}

}  // namespace ssh_keepalive
