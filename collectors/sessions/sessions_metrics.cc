#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "collectors/base/metrics.h"
#include "collectors/sessions/groups.h"
#include "collectors/sessions/sessions.h"

namespace ssh_keepalive::sessions {
namespace {

constexpr std::array kPhases = {Phase::kAuthenticated, Phase::kPreauth,
                                Phase::kUnknown};

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

void append_silent(const Facts& facts, const std::vector<Group>& groups,
                   std::vector<prometheus::MetricFamily>& families) {
  prometheus::MetricFamily family = gauge_family(
      "sessions_silent",
      "SSH connections on which no data and no ACK was seen for longer than "
      "this; at most that silent: the peer's keepalive probes do not show. "
      "Absent where only /proc/net/tcp can be read.");
  for (const Group& group : groups) {
    for (const SilenceRow& silence : kSilences) {
      add_gauge(family, group.with("longer_than_seconds", silence.label),
                group.count([&](std::size_t place) {
                  return wire_silence_at_most(facts.sessions[place]) >
                         silence.longer_than;
                }));
    }
  }
  families.push_back(std::move(family));
}

void append_simple(std::string_view name, std::string_view help,
                   const Facts& facts, const std::vector<Group>& groups,
                   bool (*counts)(const Session&),
                   std::vector<prometheus::MetricFamily>& families) {
  prometheus::MetricFamily family = gauge_family(name, help);
  for (const Group& group : groups) {
    add_gauge(family, group.labels(), group.count([&](std::size_t place) {
      return counts(facts.sessions[place]);
    }));
  }
  families.push_back(std::move(family));
}

}  // namespace

std::vector<Group> groups_of(const Facts& facts) {
  std::vector<Group> groups;
  std::map<std::pair<std::string, Role>, std::size_t> places;
  const auto group_of = [&](const std::string& netns, Role role) -> Group& {
    const auto [place, is_new] =
        places.try_emplace({netns, role}, groups.size());
    if (is_new) {
      groups.push_back({.role = role, .netns = netns, .places = {}});
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
  for (std::size_t i = 0; i < facts.sessions.size(); ++i) {
    const Session& session = facts.sessions[i];
    group_of(session.netns.label(), session.role).places.push_back(i);
  }
  return groups;
}

void append_metrics(const Facts& facts,
                    std::vector<prometheus::MetricFamily>& families) {
  if (facts.source == Source::kNone) {
    return;
  }
  const std::vector<Group> groups = groups_of(facts);
  prometheus::MetricFamily all = gauge_family(
      "sessions",
      "SSH connections that are established, or closed by the peer and still "
      "held here.");
  for (const Group& group : groups) {
    for (const Phase phase : kPhases) {
      add_gauge(all, group.with("phase", name_of(phase)),
                group.count([&](std::size_t place) {
                  return facts.sessions[place].phase == phase;
                }));
    }
  }
  families.push_back(std::move(all));
  if (facts.source == Source::kNetlink) {
    append_silent(facts, groups, families);
  }
  append_simple("sessions_probing",
                "SSH connections with keepalive probes that the peer has not "
                "answered.",
                facts, groups, is_probing, families);
  append_simple("sessions_retransmitting",
                "SSH connections whose data was sent again because the peer "
                "has not acknowledged it.",
                facts, groups, is_retransmitting, families);
}

}  // namespace ssh_keepalive::sessions
