#include "diagnosis/keepalive_timer.h"

#include <algorithm>

#include "diagnosis/tcp_lifetime.h"
#include "diagnosis/timer_wheel.h"

namespace ssh_keepalive::diagnosis {
namespace {

// The kernel keeps the number of probes in a byte.
constexpr std::int64_t kMostProbes = 255;

// Every so many jiffies of a turn of the wheel a history begins.
constexpr std::int64_t kStep = 37;

Seconds period(std::int64_t seconds) {
  return seconds < 0 ? kNever : Seconds(static_cast<double>(seconds));
}

// So many timers of that time, each armed when the one before has fired.
std::int64_t fired_in_a_row(std::int64_t armed_at, Seconds time,
                            std::int64_t count) {
  for (std::int64_t i = 0; i < std::min(count, kMostProbes); ++i) {
    armed_at = fires_at(armed_at, to_jiffies(time));
  }
  return armed_at;
}

TimeRange time_of_row(Seconds time, std::int64_t count) {
  if (time == kNever) {
    return count > 0 ? kNeverRange : exactly(Seconds(0));
  }
  TimeRange range{kNever, Seconds(0)};
  for (std::int64_t from = 0; from < kWheelTurn; from += kStep) {
    const Seconds passed = to_seconds(fired_in_a_row(from, time, count) - from);
    range.earliest = std::min(range.earliest, passed);
    range.latest = std::max(range.latest, passed);
  }
  return range;
}

TimeRange with_lateness(Seconds time) {
  return time == kNever ? kNeverRange : TimeRange{time, time + most_late(time)};
}

}  // namespace

std::optional<KeepaliveTimer> keepalive_timer(const sysctl::Facts& facts) {
  const TcpLifetime nominal = tcp_lifetime(facts);
  if (!nominal.refresh_interval) {
    return std::nullopt;
  }
  KeepaliveTimer timer{.time = period(*facts.keepalive_time_seconds),
                       .interval = period(*facts.keepalive_intvl_seconds),
                       .probes = *facts.keepalive_probes,
                       .refresh = with_lateness(*nominal.refresh_interval),
                       .end_after_first_tick = {}};
  timer.end_after_first_tick = time_of_row(timer.interval, timer.probes);
  return timer;
}

TimeRange keepalive_end(const KeepaliveTimer& timer, Seconds tick) {
  TimeRange first = with_lateness(std::max(timer.time, tick));
  if (tick == Seconds(0)) {
    first.latest = with_lateness(std::max(timer.time, timer.interval)).latest;
  }
  return first + timer.end_after_first_tick;
}

TimeRange keepalive_end_left(const KeepaliveTimer& timer,
                             std::int64_t unanswered, Seconds expires) {
  const std::int64_t more =
      std::max<std::int64_t>(timer.probes - unanswered, 0);
  if (timer.interval == kNever) {
    return more > 0 ? kNeverRange : with_lateness(expires);
  }
  // The next tick's timer was armed for an interval; when, is not known.
  TimeRange range{kNever, Seconds(0)};
  const std::int64_t interval = to_jiffies(timer.interval);
  const std::int64_t due_in = to_jiffies(expires);
  for (std::int64_t from = 0; from < kWheelTurn; from += kStep) {
    const std::int64_t tick = fires_at(from, std::max(interval, due_in));
    const std::int64_t now = from + std::max(interval, due_in) - due_in;
    const Seconds left =
        to_seconds(fired_in_a_row(tick, timer.interval, more) - now);
    range.earliest = std::min(range.earliest, left);
    range.latest = std::max(range.latest, left);
  }
  return range;
}

}  // namespace ssh_keepalive::diagnosis
