// When the kernel's timers really fire: kernel/time/timer.c of Linux, from 4.8
// on. They fire late on purpose, so that many fire together.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_TIMER_WHEEL_H_
#define SSH_KEEPALIVE_DIAGNOSIS_TIMER_WHEEL_H_

#include <cstdint>

#include "diagnosis/time_range.h"

namespace ssh_keepalive::diagnosis {

// CONFIG_HZ of Debian's kernels, and of most others: jiffies in a second.
inline constexpr std::int64_t kJiffiesPerSecond = 250;

// Rounded up, as the kernel rounds what its timers are armed with.
std::int64_t to_jiffies(Seconds time);

constexpr Seconds to_seconds(std::int64_t jiffies) {
  return Seconds(static_cast<double>(jiffies) / kJiffiesPerSecond);
}

// The jiffy at which a timer fires that is armed at one jiffy for a number of
// them: the first one of a multiple of the granularity of its level. Levels
// begin at 63 jiffies, and each has eight times the granularity of the one
// before.
std::int64_t fires_at(std::int64_t armed_at, std::int64_t jiffies);

// By how much such a timer is late at most, whenever it is armed.
Seconds most_late(Seconds time);

// The coarsest granularity that matters, in jiffies: two histories of timers
// that begin so much apart are the same.
inline constexpr std::int64_t kWheelTurn = 4096;

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_TIMER_WHEEL_H_
