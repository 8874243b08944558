#include <algorithm>
#include <array>
#include <string>

#include "collectors/base/metrics.h"
#include "collectors/sessions/sessions.h"

namespace ssh_keepalive::sessions {
namespace {

constexpr std::array kRoles = {Role::kServer, Role::kClient, Role::kForwarded,
                               Role::kUnknown};
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

Refresh refresh_of(const Session& session, bool kernel_sends_probes) {
  switch (session.keepalive) {
    case Keepalive::kOn:
      return kernel_sends_probes ? Refresh::kTcp : Refresh::kNone;
    case Keepalive::kOff:
      return Refresh::kNone;
    case Keepalive::kHidden:
      break;
  }
  return Refresh::kUnknown;
}

template <typename Predicate>
double count(const Facts& facts, Role role, Predicate&& counts) {
  return static_cast<double>(
      std::count_if(facts.sessions.begin(), facts.sessions.end(),
                    [&](const Session& session) {
                      return session.role == role && counts(session);
                    }));
}

// The other roles appear with their first session.
bool is_shown(Role role, const Facts& facts) {
  return role == Role::kServer || role == Role::kClient ||
         count(facts, role, [](const Session&) { return true; }) > 0;
}

Labels with(Role role, const char* name, std::string_view value) {
  return {{"role", std::string(name_of(role))},
          {"netns", "host"},
          {name, std::string(value)}};
}

void append_silent(const Facts& facts,
                   std::vector<prometheus::MetricFamily>& families) {
  prometheus::MetricFamily family = gauge_family(
      "sessions_silent",
      "SSH connections on which no data and no ACK was seen for longer than "
      "this; at most that silent: the peer's keepalive probes do not show. "
      "Absent where only /proc/net/tcp can be read.");
  for (const Role role : kRoles) {
    if (!is_shown(role, facts)) {
      continue;
    }
    for (const SilenceRow& silence : kSilences) {
      add_gauge(family, with(role, "longer_than_seconds", silence.label),
                count(facts, role, [&](const Session& session) {
                  return wire_silence_at_most(session) > silence.longer_than;
                }));
    }
  }
  families.push_back(std::move(family));
}

void append_simple(std::string_view name, std::string_view help,
                   const Facts& facts, bool (*counts)(const Session&),
                   std::vector<prometheus::MetricFamily>& families) {
  prometheus::MetricFamily family = gauge_family(name, help);
  for (const Role role : kRoles) {
    if (is_shown(role, facts)) {
      add_gauge(family,
                {{"role", std::string(name_of(role))}, {"netns", "host"}},
                count(facts, role, counts));
    }
  }
  families.push_back(std::move(family));
}

void append_outdated(const Facts& facts,
                     std::vector<prometheus::MetricFamily>& families) {
  prometheus::MetricFamily family = gauge_family(
      "sessions_outdated",
      "SSH connections that live on settings of before. sysctl: the keepalive "
      "timer was armed under another tcp_keepalive_time or _intvl, and those "
      "count until it fires; connections whose timer is hidden are left out.");
  for (const Role role : kRoles) {
    if (is_shown(role, facts)) {
      add_gauge(family, with(role, "reason", "sysctl"),
                count(facts, role, [](const Session& session) {
                  return session.outdated_sysctl.value_or(false);
                }));
    }
  }
  families.push_back(std::move(family));
}

}  // namespace

void append_metrics(const Facts& facts, bool kernel_sends_probes,
                    std::vector<prometheus::MetricFamily>& families) {
  if (facts.source == Source::kNone) {
    return;
  }
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
  for (const Role role : kRoles) {
    if (!is_shown(role, facts)) {
      continue;
    }
    for (const Phase phase : kPhases) {
      add_gauge(all, with(role, "phase", name_of(phase)),
                count(facts, role, [&](const Session& session) {
                  return session.phase == phase;
                }));
    }
    for (const RefreshRow& refresh : kRefreshes) {
      add_gauge(by_refresh, with(role, "refresh", refresh.label),
                count(facts, role, [&](const Session& session) {
                  return refresh_of(session, kernel_sends_probes) ==
                         refresh.refresh;
                }));
    }
  }
  families.push_back(std::move(all));
  families.push_back(std::move(by_refresh));
  if (facts.source == Source::kNetlink) {
    append_silent(facts, families);
  }
  append_simple("sessions_probing",
                "SSH connections with keepalive probes that the peer has not "
                "answered.",
                facts, is_probing, families);
  append_simple("sessions_retransmitting",
                "SSH connections whose data was sent again because the peer "
                "has not acknowledged it.",
                facts, is_retransmitting, families);
  if (facts.keepalive_settings) {
    append_outdated(facts, families);
  }
}

}  // namespace ssh_keepalive::sessions
