#include "exporter/ends/end_tracker.h"

#include <algorithm>
#include <utility>

namespace ssh_keepalive {
namespace {

using sessions::Phase;
using sessions::Session;
using SteadyTime = std::chrono::steady_clock::time_point;

// The kernel's timers of each namespace, found once per look.
class Timers {
 public:
  explicit Timers(const Facts& facts) : facts_(facts) {}

  void add_to(diagnosis::EndFacts& end) {
    const auto place = known_.try_emplace(end.session.netns);
    if (place.second && facts_.sysctl) {
      const auto kernel = facts_.sysctl->find(end.session.netns);
      if (kernel != facts_.sysctl->end()) {
        place.first->second = {
            .keepalive = diagnosis::keepalive_timer(kernel->second),
            .retransmission =
                diagnosis::retransmission_settings(kernel->second)};
      }
    }
    end.keepalive = place.first->second.keepalive;
    end.retransmission = place.first->second.retransmission;
  }

 private:
  struct Known {
    std::optional<diagnosis::KeepaliveTimer> keepalive;
    std::optional<diagnosis::RetransmissionSettings> retransmission;
  };

  const Facts& facts_;
  std::map<netns::Name, Known> known_;
};

// Processes leave one after the other: a look between them finds a socket that
// is nobody's any more, or a process that tells less of it.
bool knows_less(const Session& now, const Session& before) {
  return before.phase == Phase::kAuthenticated
             ? now.phase != Phase::kAuthenticated
             : before.owner && !now.owner;
}

// A look between a program's last words and the end foretells nothing: then the
// one before counts.
void keep_history(const WatchedSession& before, WatchedSession& now) {
  const bool foretold =
      before.facts.verdict.fate.kind == diagnosis::FateKind::kIdleKill;
  now.first_seen_at = before.first_seen_at;
  now.facts.earlier_fate =
      foretold ? before.facts.verdict.fate : before.facts.earlier_fate;
  now.earlier_seen_at = foretold ? before.seen_at : before.earlier_seen_at;
}

}  // namespace

void EndTracker::saw(const Facts& facts, const diagnosis::Report& report,
                     SteadyTime now) {
  if (!facts.sessions) {
    return;
  }
  const auto findings =
      std::make_shared<const std::vector<diagnosis::Finding>>(report.findings);
  Timers timers(facts);
  for (std::size_t i = 0; i < facts.sessions->sessions.size(); ++i) {
    const Session& session = facts.sessions->sessions[i];
    const auto& cookie = session.socket.cookie;
    if (!cookie || told_.contains(*cookie) ||
        (watched_.size() >= kMaxSessions && !watched_.contains(*cookie))) {
      continue;
    }
    const auto known = watched_.find(*cookie);
    if (known != watched_.end() &&
        knows_less(session, known->second.facts.session)) {
      known->second.present_at = now;
      known->second.missed_since.reset();
      continue;
    }
    WatchedSession watched{.facts = {.session = session,
                                     .verdict = report.sessions[i],
                                     .keepalive = {},
                                     .retransmission = {},
                                     .since_look = {},
                                     .earlier_fate = {},
                                     .since_earlier_look = {},
                                     .final = {},
                                     .remains = {}},
                           .findings = findings,
                           .seen_at = now,
                           .present_at = now,
                           .earlier_seen_at = now,
                           .first_seen_at = now,
                           .missed_since = {}};
    if (known != watched_.end()) {
      keep_history(known->second, watched);
    }
    timers.add_to(watched.facts);
    watched_.insert_or_assign(*cookie, std::move(watched));
  }
}

std::optional<WatchedSession> EndTracker::take(std::uint64_t cookie) {
  if (told_.insert(cookie).second) {
    told_in_order_.push_back(cookie);
  }
  if (told_in_order_.size() > kMaxTold) {
    told_.erase(told_in_order_.front());
    told_in_order_.pop_front();
  }
  const auto watched = watched_.find(cookie);
  if (watched == watched_.end()) {
    return std::nullopt;
  }
  WatchedSession taken = std::move(watched->second);
  watched_.erase(watched);
  return taken;
}

std::vector<WatchedSession> EndTracker::missing_in(
    std::span<const Session> sessions, SteadyTime now) {
  std::unordered_set<std::uint64_t> live;
  for (const Session& session : sessions) {
    live.insert(session.socket.cookie.value_or(0));
  }
  std::vector<WatchedSession> missing;
  for (auto& [cookie, watched] : watched_) {
    // One that was seen later than that look is not missing in it.
    if (!watched.facts.session.netns.is_host() || watched.present_at > now) {
      continue;
    }
    if (live.contains(cookie)) {
      watched.missed_since.reset();
      continue;
    }
    watched.missed_since = watched.missed_since.value_or(now);
    missing.push_back(watched);
  }
  return missing;
}

std::vector<WatchedSession> EndTracker::missing_elsewhere(const Facts& facts,
                                                          SteadyTime now) {
  constexpr std::chrono::minutes kForget{10};
  std::vector<WatchedSession> missing;
  for (auto one = watched_.begin(); one != watched_.end();) {
    WatchedSession& watched = one->second;
    const netns::Name& netns = watched.facts.session.netns;
    if (netns.is_host() || watched.present_at == now) {
      ++one;
      continue;
    }
    if (facts.sysctl && facts.sysctl->contains(netns)) {
      watched.missed_since = watched.missed_since.value_or(now);
      missing.push_back(watched);
    }
    one = now - watched.present_at > kForget ? watched_.erase(one) : next(one);
  }
  return missing;
}

bool EndTracker::is_behind(std::span<const Session> sessions) const {
  return std::ranges::any_of(sessions, [this](const Session& session) {
    if (!session.socket.cookie || told_.contains(*session.socket.cookie)) {
      return false;
    }
    const auto watched = watched_.find(*session.socket.cookie);
    return watched == watched_.end()
               ? watched_.size() < kMaxSessions
               : watched->second.facts.session.phase == Phase::kPreauth;
  });
}

}  // namespace ssh_keepalive
