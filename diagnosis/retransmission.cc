#include "diagnosis/retransmission.h"

#include <algorithm>

#include "diagnosis/tcp_lifetime.h"
#include "diagnosis/timer_wheel.h"

namespace ssh_keepalive::diagnosis {
namespace {

// The kernel gives up long before; a bound for settings that are nonsense.
constexpr int kMostSteps = 1000;

// Every so many jiffies of a turn of the wheel a history begins. The fineness
// of the lower levels is lost between the coarse steps of the upper ones.
constexpr std::int64_t kStep = 37;

// The timeouts from the first retransmission on.
class Backoff {
 public:
  Backoff(const RetransmissionSettings& settings, const RoundTrip& path)
      : largest_(
            std::max<std::int64_t>(to_jiffies(settings.largest_timeout), 1)),
        timeout_(
            std::clamp<std::int64_t>(to_jiffies(path.timeout), 1, largest_)) {}

  // In jiffies.
  std::int64_t next() {
    timeout_ = std::min(2 * timeout_, largest_);
    return timeout_;
  }

 private:
  std::int64_t largest_;
  std::int64_t timeout_;
};

void widen(TimeRange& range, Seconds time) {
  range.earliest = std::min(range.earliest, time);
  range.latest = std::max(range.latest, time);
}

constexpr TimeRange kNothingYet{kNever, Seconds(0)};

// The jiffy of the end, where the first retransmission was at that jiffy.
std::int64_t end_after(const RetransmissionSettings& settings,
                       const RoundTrip& path, std::int64_t first) {
  const std::int64_t limit = to_jiffies(settings.limit);
  Backoff backoff(settings, path);
  std::int64_t now = first;
  for (int i = 0; i < kMostSteps; ++i) {
    now = fires_at(now, backoff.next());
    if (now - first >= limit) {
      break;
    }
  }
  return now;
}

}  // namespace

std::optional<RetransmissionSettings> retransmission_settings(
    const sysctl::Facts& facts) {
  const auto limit = tcp_lifetime(facts).retransmission_limit;
  if (!limit) {
    return std::nullopt;
  }
  RetransmissionSettings settings{.limit = *limit};
  if (facts.rto_min_microseconds) {
    settings.smallest_timeout =
        Seconds(static_cast<double>(*facts.rto_min_microseconds) / 1e6);
  }
  if (facts.rto_max_milliseconds) {
    settings.largest_timeout =
        Seconds(static_cast<double>(*facts.rto_max_milliseconds) / 1e3);
  }
  return settings;
}

TimeRange retransmission_time(const RetransmissionSettings& settings,
                              const RoundTrip& path) {
  const std::int64_t probe = to_jiffies(
      std::min(2 * path.smoothed + settings.smallest_timeout, path.timeout));
  const std::int64_t timeout = to_jiffies(path.timeout);
  TimeRange range = kNothingYet;
  for (std::int64_t sent = 0; sent < kWheelTurn; sent += kStep) {
    const std::int64_t first = fires_at(fires_at(sent, probe), timeout);
    widen(range, to_seconds(end_after(settings, path, first) - sent));
  }
  return range;
}

TimeRange retransmission_time(const RetransmissionSettings& settings) {
  return {retransmission_time(settings, kShortestPath).earliest,
          retransmission_time(settings, kShortPath).latest};
}

int retransmissions_until_end(const RetransmissionSettings& settings,
                              Seconds timeout) {
  Backoff backoff(settings, {.timeout = timeout, .smoothed = Seconds(0)});
  const std::int64_t limit = to_jiffies(settings.limit);
  std::int64_t passed = 0;
  for (int count = 1; count < kMostSteps; ++count) {
    passed += backoff.next();
    if (passed >= limit) {
      return count;
    }
  }
  return kMostSteps;
}

TimeRange retransmission_time_left(const RetransmissionSettings& settings,
                                   const RoundTrip& path, int retransmissions,
                                   Seconds expires) {
  TimeRange range = kNothingYet;
  for (std::int64_t first = 0; first < kWheelTurn; first += kStep) {
    Backoff backoff(settings, path);
    std::int64_t armed_at = first;
    std::int64_t due_at = armed_at + backoff.next();
    for (int i = 1; i < std::min(retransmissions, kMostSteps); ++i) {
      armed_at = fires_at(armed_at, due_at - armed_at);
      due_at = armed_at + backoff.next();
    }
    const std::int64_t now = due_at - to_jiffies(expires);
    const std::int64_t end = std::max(end_after(settings, path, first),
                                      fires_at(armed_at, due_at - armed_at));
    widen(range, to_seconds(std::max<std::int64_t>(end - now, 0)));
  }
  return range;
}

}  // namespace ssh_keepalive::diagnosis
