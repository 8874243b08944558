// Times that are not exact.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_TIME_RANGE_H_
#define SSH_KEEPALIVE_DIAGNOSIS_TIME_RANGE_H_

#include <algorithm>
#include <chrono>
#include <limits>

namespace ssh_keepalive::diagnosis {

// A time in seconds; infinity means never. Doubles, because settings may be
// any 64-bit number and sums of them must not overflow.
using Seconds = std::chrono::duration<double>;

inline constexpr Seconds kNever{std::numeric_limits<double>::infinity()};

// Equal ends where the time is exact.
struct TimeRange {
  Seconds earliest{};
  Seconds latest{};

  [[nodiscard]] bool is_never() const { return earliest == kNever; }

  bool operator==(const TimeRange&) const = default;
};

inline constexpr TimeRange kNeverRange{kNever, kNever};

constexpr TimeRange exactly(Seconds time) { return {time, time}; }

constexpr TimeRange operator+(const TimeRange& a, const TimeRange& b) {
  return {a.earliest + b.earliest, a.latest + b.latest};
}

// Of two things the one that happens first.
constexpr TimeRange first_of(const TimeRange& a, const TimeRange& b) {
  return {std::min(a.earliest, b.earliest), std::min(a.latest, b.latest)};
}

// Of two things the one that happens last.
constexpr TimeRange last_of(const TimeRange& a, const TimeRange& b) {
  return {std::max(a.earliest, b.earliest), std::max(a.latest, b.latest)};
}

// What is left of it after `passed`, which is no more than that: nothing below
// zero.
constexpr TimeRange left_of(const TimeRange& range, const TimeRange& passed) {
  return {std::max(range.earliest - passed.latest, Seconds(0)),
          std::max(range.latest - passed.earliest, Seconds(0))};
}

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_TIME_RANGE_H_
