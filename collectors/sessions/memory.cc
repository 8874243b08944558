#include "collectors/sessions/memory.h"

#include <utility>

namespace ssh_keepalive::sessions {
namespace {

// A timer that fires later than it would have by more than this was armed
// again.
constexpr std::chrono::seconds kRearmed{1};

// How many looks in a row, of those that may miss some, may miss a socket.
constexpr int kLooksMissed = 3;

std::uint64_t identity(const Socket& socket) {
  return socket.cookie.value_or(socket.inode);
}

}  // namespace

// Settings in force at both ends of the time in which a timer was armed are
// those it was armed with. If it does not look like it, the socket has values
// of its own, and nothing is outdated.
void Memory::follow_timer(const LookFacts& look, Record& record,
                          Session& session) const {
  if (session.keepalive == Keepalive::kOff) {
    record.armed_with.reset();
    record.fires_at = {};
    record.timer_seen_at = look.time.began.awake;
    return;
  }
  if (session.socket.timer.kind != TimerKind::kKeepalive) {
    return;
  }
  const std::chrono::nanoseconds fires_at =
      look.time.began.awake + session.socket.timer.expires;
  if (fires_at > record.fires_at + kRearmed) {
    const bool settled =
        record.timer_seen_at && *record.timer_seen_at >= settings_from_;
    record.armed_with = settled ? look.settings : std::nullopt;
  }
  record.fires_at = fires_at;
  record.timer_seen_at = look.time.began.awake;
  if (record.armed_with && record.armed_with == look.settings) {
    session.outdated_sysctl = false;
  }
}

void Memory::complete(const LookFacts& look, std::vector<Session>& sessions) {
  // A socket that the last look did not show is younger than that look.
  const bool absence_tells = last_look_.has_value() && last_look_->complete &&
                             last_look_->ports == look.ports;
  if (!last_look_ || last_look_->settings != look.settings) {
    settings_from_ = look.time.began.awake;
  }
  std::unordered_map<std::uint64_t, Record> seen;
  seen.reserve(sessions.size());
  for (Session& session : sessions) {
    const std::uint64_t key = identity(session.socket);
    const auto known = records_.find(key);
    Record record;
    if (known != records_.end()) {
      record = known->second;
    } else if (absence_tells) {
      record.timer_seen_at = last_look_->time.began.awake;
    }
    record.looks_missed = 0;
    if (session.keepalive == Keepalive::kHidden) {
      session.keepalive = record.keepalive;
    }
    record.keepalive = session.keepalive;
    follow_timer(look, record, session);
    if (session.socket.info && session.socket.cookie) {
      record.observation.add(*session.socket.info, look.time);
      session.observed_refresh = record.observation.refresh();
    }
    seen.insert_or_assign(key, record);
  }
  if (!look.complete) {
    for (auto& [key, record] : records_) {
      if (record.looks_missed < kLooksMissed && !seen.contains(key)) {
        ++record.looks_missed;
        seen.emplace(key, record);
      }
    }
  }
  records_ = std::move(seen);
  last_look_ = look;
}

}  // namespace ssh_keepalive::sessions
