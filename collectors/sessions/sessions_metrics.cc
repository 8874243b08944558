#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "collectors/base/metrics.h"
#include "collectors/sessions/sessions.h"

namespace ssh_keepalive::sessions {
namespace {

constexpr std::array kPhases = {Phase::kAuthenticated, Phase::kPreauth,
                                Phase::kUnknown};

enum class Refresh { kSsh, kTcp, kNone, kUnknown };

struct RefreshRow {
  Refresh refresh;
  const char* label;
};

constexpr std::array kRefreshes = {
    RefreshRow{Refresh::kSsh, "ssh"},
    RefreshRow{Refresh::kTcp, "tcp"},
    RefreshRow{Refresh::kNone, "none"},
    RefreshRow{Refresh::kUnknown, "unknown"},
};

struct SilenceRow {
  std::chrono::seconds longer_than;
  const char* label;
};

constexpr std::array kSilences = {
    SilenceRow{std::chrono::seconds(60), "60"},
    SilenceRow{std::chrono::seconds(240), "240"},
    SilenceRow{std::chrono::seconds(300), "300"},
    SilenceRow{std::chrono::seconds(350), "350"},
    SilenceRow{std::chrono::seconds(600), "600"},
    SilenceRow{std::chrono::seconds(3600), "3600"},
    SilenceRow{std::chrono::seconds(7200), "7200"},
};

Refresh refresh_of(const Session& session, const SendsProbes& sends_probes) {
  switch (session.keepalive) {
    case Keepalive::kOn:
      return sends_probes(session.netns) ? Refresh::kTcp : Refresh::kNone;
    case Keepalive::kOff:
      return Refresh::kNone;
    case Keepalive::kHidden:
      break;
  }
  return Refresh::kUnknown;
}

// The sessions that are counted together, by role and label `netns`.
struct Group {
  Role role = Role::kUnknown;
  std::string netns;
  std::vector<const Session*> sessions;

  template <typename Predicate>
  [[nodiscard]] double count(Predicate&& counts) const {
    return static_cast<double>(std::count_if(
        sessions.begin(), sessions.end(),
        [&](const Session* session) { return counts(*session); }));
  }

  [[nodiscard]] Labels labels() const {
    return {{"role", std::string(name_of(role))}, {"netns", netns}};
  }

  [[nodiscard]] Labels with(const char* name, std::string_view value) const {
    Labels all = labels();
    all.push_back({name, std::string(value)});
    return all;
  }
};

// Servers and clients are always there; other roles appear with their first
// session.
std::vector<Group> group(const Facts& facts) {
  std::vector<Group> groups;
  std::map<std::pair<std::string, Role>, std::size_t> places;
  const auto group_of = [&](const std::string& netns, Role role) -> Group& {
    const auto [place, is_new] =
        places.try_emplace({netns, role}, groups.size());
    if (is_new) {
      groups.push_back({.role = role, .netns = netns});
    }
    return groups[place->second];
  };
  for (const Role role : {Role::kServer, Role::kClient}) {
    group_of(std::string(netns::kHost), role);
  }
  for (const netns::Name& netns : facts.other_namespaces) {
    for (const Role role : {Role::kServer, Role::kClient}) {
      group_of(netns.label(), role);
    }
  }
  for (const Session& session : facts.sessions) {
    group_of(session.netns.label(), session.role).sessions.push_back(&session);
  }
  return groups;
}

void append_silent(const std::vector<Group>& groups,
                   std::vector<prometheus::MetricFamily>& families) {
  prometheus::MetricFamily family = gauge_family(
      "sessions_silent",
      "SSH connections on which no data and no ACK was seen for longer than "
      "this; at most that silent: the peer's keepalive probes do not show. "
      "Absent where only /proc/net/tcp can be read.");
  for (const Group& group : groups) {
    for (const SilenceRow& silence : kSilences) {
      add_gauge(family, group.with("longer_than_seconds", silence.label),
                group.count([&](const Session& session) {
                  return wire_silence_at_most(session) > silence.longer_than;
                }));
    }
  }
  families.push_back(std::move(family));
}

void append_simple(std::string_view name, std::string_view help,
                   const std::vector<Group>& groups,
                   bool (*counts)(const Session&),
                   std::vector<prometheus::MetricFamily>& families) {
  prometheus::MetricFamily family = gauge_family(name, help);
  for (const Group& group : groups) {
    add_gauge(family, group.labels(), group.count(counts));
  }
  families.push_back(std::move(family));
}

void append_outdated(const std::vector<Group>& groups,
                     std::vector<prometheus::MetricFamily>& families) {
  prometheus::MetricFamily family = gauge_family(
      "sessions_outdated",
      "SSH connections that live on settings of before. sysctl: the keepalive "
      "timer was armed under another tcp_keepalive_time or _intvl, and those "
      "count until it fires; connections whose timer is hidden are left out.");
  for (const Group& group : groups) {
    add_gauge(family, group.with("reason", "sysctl"),
              group.count([](const Session& session) {
                return session.outdated_sysctl.value_or(false);
              }));
  }
  families.push_back(std::move(family));
}

}  // namespace

void append_metrics(const Facts& facts, const SendsProbes& sends_probes,
                    std::vector<prometheus::MetricFamily>& families) {
  if (facts.source == Source::kNone) {
    return;
  }
  const std::vector<Group> groups = group(facts);
  prometheus::MetricFamily all = gauge_family(
      "sessions",
      "SSH connections that are established, or closed by the peer and still "
      "held here.");
  prometheus::MetricFamily by_refresh = gauge_family(
      "sessions_by_refresh",
      "SSH connections by what of this end refreshes them while idle: tcp: "
      "the kernel's keepalive probes; none: it sends none; unknown: a "
      "retransmission hides it. Keepalive messages of SSH (ssh) are not "
      "looked at yet.");
  for (const Group& group : groups) {
    for (const Phase phase : kPhases) {
      add_gauge(all, group.with("phase", name_of(phase)),
                group.count([&](const Session& session) {
                  return session.phase == phase;
                }));
    }
    for (const RefreshRow& refresh : kRefreshes) {
      add_gauge(by_refresh, group.with("refresh", refresh.label),
                group.count([&](const Session& session) {
                  return refresh_of(session, sends_probes) == refresh.refresh;
                }));
    }
  }
  families.push_back(std::move(all));
  families.push_back(std::move(by_refresh));
  if (facts.source == Source::kNetlink) {
    append_silent(groups, families);
  }
  append_simple("sessions_probing",
                "SSH connections with keepalive probes that the peer has not "
                "answered.",
                groups, is_probing, families);
  append_simple("sessions_retransmitting",
                "SSH connections whose data was sent again because the peer "
                "has not acknowledged it.",
                groups, is_retransmitting, families);
  if (facts.keepalive_settings) {
    append_outdated(groups, families);
  }
}

}  // namespace ssh_keepalive::sessions
