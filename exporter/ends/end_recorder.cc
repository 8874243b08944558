#include "exporter/ends/end_recorder.h"

#include <algorithm>
#include <string>
#include <utility>

#include "diagnosis/end_advice.h"

namespace ssh_keepalive {
namespace {

using diagnosis::EndCause;
using diagnosis::SessionEnd;
using sessions::FinalSocket;
using sessions::Phase;
using sessions::Remains;
using sessions::Session;
using SteadyClock = std::chrono::steady_clock;

// How long the kernel may take to tell of a socket that no look finds any more:
// a process that stands still keeps it.
constexpr std::chrono::seconds kPatience{60};

constexpr std::uint64_t kMaxLinesPerMinute = 100;

SessionEnd to_end(const WatchedSession& watched) {
  const Session& session = watched.facts.session;
  SessionEnd end{.ended_at = std::chrono::system_clock::now(),
                 .role = session.role,
                 .netns = session.netns.text(),
                 .local = to_string(session.socket.local),
                 .peer = to_string(session.socket.peer)};
  if (session.owner) {
    end.user = session.owner->user;
    end.tty = session.owner->tty;
    end.pid = session.owner->pid;
    if (session.owner->age) {
      end.lasted = std::chrono::duration_cast<std::chrono::seconds>(
          *session.owner->age + watched.facts.since_look);
    }
  }
  diagnosis::CauseOfEnd cause = diagnosis::cause_of(watched.facts);
  end.cause = cause.cause;
  end.closed_by = cause.closed_by;
  end.advice = diagnosis::advice_on(watched.facts, cause, *watched.findings);
  end.evidence = std::move(cause.evidence);
  return end;
}

// Whether nobody may have logged in. Where processes may not be looked at, who
// stays for longer than LoginGraceTime lets them (2 minutes, from 9.9 on up to
// 4 s more) has.
bool may_be_preauth(const WatchedSession& watched,
                    SteadyClock::time_point now) {
  constexpr std::chrono::seconds kLoginGrace{124};
  const Session& session = watched.facts.session;
  return session.phase == Phase::kPreauth ||
         (session.phase == Phase::kUnknown &&
          session.role == sessions::Role::kServer &&
          now - watched.first_seen_at < kLoginGrace);
}

// Whether anything was ever received: a SYN alone makes no connection.
bool was_connected(const FinalSocket& final) {
  return final.socket.info && final.socket.info->bytes_received > 0;
}

// A socket without a process whose FIN nobody answers. A slow path answers in
// time.
bool is_stuck(const sessions::Left& left) {
  return left.remains == Remains::kClosing && left.socket &&
         left.socket->socket.info && left.socket->socket.info->retransmits > 0;
}

}  // namespace

void EndRecorder::begin() {
  const std::lock_guard lock(mutex_);
  counts_ = counts_.value_or(EndCounts());
}

void EndRecorder::saw(const Facts& facts, const diagnosis::Report& report) {
  const std::lock_guard lock(mutex_);
  if (!counts_) {
    return;
  }
  const SteadyClock::time_point now = SteadyClock::now();
  tracker_.saw(facts, report, now);
  learn(facts);
  if (!facts.sessions) {
    return;
  }
  for (WatchedSession& watched : tracker_.missing_elsewhere(facts, now)) {
    // The kernel has had its time to tell of it.
    if (now - *watched.missed_since >= kPatience &&
        tracker_.take(*watched.facts.session.socket.cookie)) {
      tell(std::move(watched));
    }
  }
}

void EndRecorder::destroyed(const FinalSocket& final, const LookUp& look_up) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t cookie = final.socket.cookie.value_or(0);
  if (!counts_ || tracker_.was_told(cookie)) {
    return;
  }
  std::optional<WatchedSession> watched = tracker_.take(cookie);
  if (!watched) {
    counts_->unseen += was_connected(final) ? 1 : 0;
    return;
  }
  watched->facts.final = final;
  if (const auto left = look_up(watched->facts.session.socket)) {
    watched->facts.remains = left->remains;
  }
  tell(*std::move(watched));
}

void EndRecorder::compare(std::span<const Session> sessions,
                          SteadyClock::time_point seen_at, bool hears_all,
                          const LookUp& look_up) {
  const std::lock_guard lock(mutex_);
  if (!counts_) {
    return;
  }
  for (WatchedSession& watched : tracker_.missing_in(sessions, seen_at)) {
    const auto left = look_up(watched.facts.session.socket);
    const bool has_waited = seen_at - *watched.missed_since >= kPatience;
    const bool is_gone = left && left->remains != Remains::kOpen &&
                         left->remains != Remains::kClosing;
    if (left && is_stuck(*left)) {
      watched.facts.final = left->socket;
    } else if (!has_waited && (hears_all || !is_gone)) {
      continue;
    }
    if (left) {
      watched.facts.remains = left->remains;
    }
    if (tracker_.take(*watched.facts.session.socket.cookie)) {
      tell(std::move(watched));
    }
  }
}

bool EndRecorder::is_behind(std::span<const Session> sessions) const {
  const std::lock_guard lock(mutex_);
  return counts_ && tracker_.is_behind(sessions);
}

void EndRecorder::lost(std::uint64_t events) {
  const std::lock_guard lock(mutex_);
  if (counts_) {
    counts_->events_lost += events;
  }
}

std::optional<EndCounts> EndRecorder::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void EndRecorder::tell(WatchedSession watched) {
  const SteadyClock::time_point now = SteadyClock::now();
  watched.facts.since_look = now - watched.seen_at;
  watched.facts.since_earlier_look = now - watched.earlier_seen_at;
  if (may_be_preauth(watched, now)) {
    ++counts_->unauthenticated;
    return;
  }
  SessionEnd end = to_end(watched);
  learn(watched.facts, end.cause);
  ++counts_->ends[{end.role, end.cause}];
  if (end.cause != EndCause::kClosed) {
    log_end(end);
  }
  store_.add(std::move(end));
}

void EndRecorder::learn(const Facts& facts) {
  if (!facts.sessions) {
    return;
  }
  PathIdles paths = store_.paths();
  for (const Session& session : facts.sessions->sessions) {
    if (session.observed_refresh && session.netns.has_series() &&
        diagnosis::crosses_path(session)) {
      auto& longest = paths[session.netns.label()].longest_survived;
      const std::chrono::duration<double> survived =
          session.observed_refresh->at_least;
      longest = std::max(longest.value_or(survived), survived);
    }
  }
  store_.set_paths(std::move(paths));
}

void EndRecorder::learn(const diagnosis::EndFacts& facts, EndCause cause) {
  // Where less was forgotten, the path was cut.
  constexpr std::chrono::seconds kShortest{10};
  const auto silence = diagnosis::silence_before_death(facts, cause);
  if (!silence || *silence < kShortest || !facts.session.netns.has_series() ||
      !diagnosis::crosses_path(facts.session)) {
    return;
  }
  PathIdles paths = store_.paths();
  auto& shortest = paths[facts.session.netns.label()].shortest_lost;
  shortest = std::min<std::chrono::duration<double>>(
      shortest.value_or(*silence), *silence);
  store_.set_paths(std::move(paths));
}

void EndRecorder::log_end(const SessionEnd& end) {
  const SteadyClock::time_point now = SteadyClock::now();
  if (now - minute_ >= std::chrono::minutes(1)) {
    minute_ = now;
    lines_ = 0;
  }
  if (++lines_ > kMaxLinesPerMinute) {
    if (lines_ == kMaxLinesPerMinute + 1) {
      log_.warn("more sessions ended than are logged in a minute",
                {{"see", "ssh_keepalive_exporter why"}});
    }
    return;
  }
  log_.warn("session ended",
            {{"cause", std::string(name_of(end.cause))},
             {"role", std::string(name_of(end.role))},
             {"user", end.user},
             {"peer", end.peer},
             {"netns", end.netns},
             {"evidence",
              end.evidence.empty() ? std::string() : end.evidence.front()}});
}

}  // namespace ssh_keepalive
