// The report → metrics about what becomes of sessions.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "collectors/base/metrics.h"
#include "collectors/sessions/groups.h"
#include "diagnosis/host_limits.h"
#include "diagnosis/worst_end.h"
#include "exporter/exposition/families.h"

namespace ssh_keepalive {
namespace {

using diagnosis::FateKind;
using diagnosis::Layer;
using diagnosis::Report;
using diagnosis::Seconds;
using diagnosis::SessionVerdict;
using sessions::Group;
using sessions::Role;

constexpr std::array<std::string_view, 4> kRefreshes = {"ssh", "tcp", "none",
                                                        "unknown"};

constexpr std::array kFates = {FateKind::kIntact, FateKind::kLostByPath,
                               FateKind::kIdleKill, FateKind::kDying,
                               FateKind::kUnknown};

constexpr std::array kRoles = {Role::kServer, Role::kClient};

std::string_view refresh_label(const SessionVerdict& verdict) {
  if (!verdict.refresh) {
    return "unknown";
  }
  if (verdict.refresh->time.is_never()) {
    return "none";
  }
  switch (verdict.refresh->layer) {
    case Layer::kTcpKeepalive:
      return "tcp";
    case Layer::kClientAlive:
    case Layer::kServerAlive:
      return "ssh";
    default:
      return "unknown";
  }
}

void append_by_verdict(const std::vector<Group>& groups,
                       const std::vector<SessionVerdict>& verdicts,
                       Families& families) {
  prometheus::MetricFamily by_refresh = gauge_family(
      "sessions_by_refresh",
      "SSH connections by what refreshes them first while idle: ssh: messages "
      "of sshd or ssh here; tcp: the kernel's keepalive probes; none: this end "
      "sends nothing; unknown: its settings are not known, or only the other "
      "end's packets were observed.");
  prometheus::MetricFamily by_fate = gauge_family(
      "sessions_by_fate",
      "SSH connections by what becomes of them if nobody uses them, as far as "
      "this end knows. lost_by_path: refreshed after the path's idle timeout; "
      "idle_kill: ended for want of use; dying: the peer does not answer.");
  for (const Group& group : groups) {
    for (const std::string_view refresh : kRefreshes) {
      add_gauge(by_refresh, group.with("refresh", refresh),
                group.count([&](std::size_t place) {
                  return refresh_label(verdicts[place]) == refresh;
                }));
    }
    for (const FateKind fate : kFates) {
      add_gauge(by_fate, group.with("fate", name_of(fate)),
                group.count([&](std::size_t place) {
                  return verdicts[place].fate.kind == fate;
                }));
    }
  }
  families.push_back(std::move(by_refresh));
  families.push_back(std::move(by_fate));
}

void append_outdated(const Facts& facts, const std::vector<Group>& groups,
                     Families& families) {
  prometheus::MetricFamily family = gauge_family(
      "sessions_outdated",
      "SSH connections that live on settings of before. sshd: sshd's files "
      "have changed since it was accepted; ssh: those that it has read have, "
      "so "
      "that the same command would get other settings; sysctl: the keepalive "
      "timer was "
      "armed under another tcp_keepalive_time or _intvl, and those count until "
      "it fires; connections whose timer is hidden are left out.");
  for (const Group& group : groups) {
    add_gauge(family, group.with("reason", "sshd"),
              group.count([&](std::size_t place) {
                return place < facts.live_settings.size() &&
                       facts.live_settings[place].outdated_sshd.value_or(false);
              }));
    add_gauge(family, group.with("reason", "ssh"),
              group.count([&](std::size_t place) {
                return place < facts.live_settings.size() &&
                       facts.live_settings[place].outdated_ssh.value_or(false);
              }));
    if (facts.sessions->keepalive_settings) {
      add_gauge(
          family, group.with("reason", "sysctl"),
          group.count([&](std::size_t place) {
            return facts.sessions->sessions[place].outdated_sysctl.value_or(
                false);
          }));
    }
  }
  families.push_back(std::move(family));
}

void append_next_end(const Facts& facts, const Report& report,
                     std::chrono::system_clock::time_point now,
                     Families& families) {
  std::map<std::pair<Role, FateKind>, Seconds> next;
  for (std::size_t i = 0; i < report.sessions.size(); ++i) {
    const diagnosis::Fate& fate = report.sessions[i].fate;
    if (fate.time && fate.time->latest != diagnosis::kNever) {
      const auto place = next.try_emplace(
          {facts.sessions->sessions[i].role, fate.kind}, fate.time->latest);
      place.first->second = std::min(place.first->second, fate.time->latest);
    }
  }
  if (next.empty()) {
    return;
  }
  prometheus::MetricFamily family = gauge_family(
      "next_session_end_timestamp_seconds",
      "When the first SSH connection that is doomed will have met its fate, in "
      "seconds since 1970; absent where none is.");
  const double seconds = Seconds(now.time_since_epoch()).count();
  for (const auto& [what, time] : next) {
    add_gauge(family,
              {{"role", std::string(name_of(what.first))},
               {"fate", std::string(name_of(what.second))}},
              seconds + time.count());
  }
  families.push_back(std::move(family));
}

// Of what the configuration gives to new sessions, the worst of each role.
void append_configured(const Report& report, Families& families) {
  prometheus::MetricFamily tolerance = gauge_family(
      "outage_tolerance_seconds",
      "Longest outage of the network that new sessions survive at this end, by "
      "its default settings: the shortest dead-peer time.");
  prometheus::MetricFamily margin = gauge_family(
      "refresh_margin_seconds",
      "The path's idle timeout, less the safety margin, less the time after "
      "which this end refreshes new sessions by its default settings; negative "
      "is too late.");
  for (const Role role : kRoles) {
    const diagnosis::WorstEnd worst = worst_end(report, role);
    Labels labels = {{"role", std::string(name_of(role))}};
    if (worst.margin) {
      add_gauge(margin, labels, worst.margin->count());
    }
    if (worst.tolerance) {
      labels.push_back({"bound", "earliest"});
      add_gauge(tolerance, labels, worst.tolerance->earliest.count());
      labels.back().value = "latest";
      add_gauge(tolerance, std::move(labels), worst.tolerance->latest.count());
    }
  }
  for (prometheus::MetricFamily* const family : {&tolerance, &margin}) {
    if (!family->metric.empty()) {
      families.push_back(std::move(*family));
    }
  }
}

// The shortest pause that each mechanism of the host ends; never: none.
void append_idle_kills(const Facts& facts, const Report& report,
                       Families& families) {
  std::map<Layer, Seconds> kills;
  const auto take = [&kills](Layer layer,
                             const std::optional<diagnosis::IdleLimit>& limit) {
    const auto place = kills.try_emplace(layer, diagnosis::kNever);
    if (limit) {
      place.first->second = std::min(place.first->second, limit->time.earliest);
    }
  };
  for (const diagnosis::ConfiguredEnd& end : report.configured) {
    if (end.role == Role::kServer) {
      take(Layer::kChannelTimeout, end.end.shell_channel);
      take(Layer::kChannelTimeout, end.end.command_channel);
    }
  }
  if (facts.host) {
    const diagnosis::HostLimits limits = diagnosis::host_limits(*facts.host);
    if (facts.host->logind.known) {
      take(Layer::kStopIdleSession, limits.stop_idle_session);
    }
    if (!facts.host->shell_timeout.bash.uncertain || limits.bash) {
      for (const auto& limit : {limits.bash, limits.zsh, limits.tcsh}) {
        take(Layer::kShellTimeout, limit);
      }
    }
  }
  if (kills.empty()) {
    return;
  }
  prometheus::MetricFamily family = gauge_family(
      "idle_kill_seconds",
      "Pause of a user after which this host ends the session, by its "
      "mechanism: ChannelTimeout of sshd outside Match blocks, "
      "StopIdleSessionSec of logind, TMOUT or autologout of the shells' "
      "start-up files as "
      "far as they tell; +Inf is never.");
  for (const auto& [layer, time] : kills) {
    add_gauge(family, {{"mechanism", std::string(name_of(layer))}},
              time.count());
  }
  families.push_back(std::move(family));
}

void append_findings(const Report& report, Families& families) {
  prometheus::MetricFamily open = gauge_family(
      "findings",
      "Findings of each check; absent where it could not be evaluated. Their "
      "severity and what to do about them: the command check.");
  prometheus::MetricFamily evaluated = gauge_family(
      "check_evaluated",
      "Whether the facts that the check needs are known: 1, or 0.");
  for (const diagnosis::CheckOutcome& check : report.checks) {
    const Labels labels = {{"check", std::string(check.name)}};
    add_gauge(evaluated, labels, check.evaluated ? 1 : 0);
    if (check.evaluated) {
      add_gauge(open, labels,
                static_cast<double>(std::ranges::count(
                    report.findings, check.name, &diagnosis::Finding::check)));
    }
  }
  for (prometheus::MetricFamily* const family : {&open, &evaluated}) {
    if (!family->metric.empty()) {
      families.push_back(std::move(*family));
    }
  }
}

}  // namespace

void append_policy_metrics(const diagnosis::Policy& policy,
                           Families& families) {
  const auto add = [&families](std::string_view name, std::string_view help,
                               Labels labels, double value) {
    prometheus::MetricFamily family = gauge_family(name, help);
    add_gauge(family, std::move(labels), value);
    families.push_back(std::move(family));
  };
  add("policy_path_idle_timeout_seconds",
      "Silence after which the path is taken to forget a connection; the label "
      "tells who says so.",
      {{"source", std::string(name_of(policy.path_source))}},
      std::min(policy.path.idle_timeout, policy.path.bytes_idle_timeout)
          .count());
  add("policy_safety_margin_ratio",
      "Share of the path's idle timeout that is kept as a margin.", {},
      policy.safety_margin_ratio);
  add("policy_minimum_idle_seconds",
      "A user's pause that nothing on this host may end.", {},
      policy.minimum_idle.count());
  add("policy_minimum_outage_tolerance_seconds",
      "An outage of the network that sessions must survive.", {},
      policy.minimum_outage_tolerance.count());
  add("policy_maximum_dead_peer_seconds",
      "Time in which a session whose peer is gone must have ended.", {},
      policy.maximum_dead_peer_time.count());
}

void append_verdict_metrics(const Facts& facts, const Report& report,
                            std::chrono::system_clock::time_point now,
                            Families& families) {
  if (facts.sessions && facts.sessions->source != sessions::Source::kNone) {
    const std::vector<Group> groups = groups_of(*facts.sessions);
    append_by_verdict(groups, report.sessions, families);
    append_outdated(facts, groups, families);
    append_next_end(facts, report, now, families);
  }
  append_configured(report, families);
  append_idle_kills(facts, report, families);
  append_findings(report, families);
}

}  // namespace ssh_keepalive
