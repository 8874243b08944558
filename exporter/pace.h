// How often looks between scrapes are taken.
#ifndef SSH_KEEPALIVE_EXPORTER_PACE_H_
#define SSH_KEEPALIVE_EXPORTER_PACE_H_

#include <chrono>

namespace ssh_keepalive {

// How often a look is taken that costs next to nothing.
inline constexpr std::chrono::seconds kObservationStep{5};

// The pause after a look that took so much processor time: `step`, or longer,
// so that looks take no more than 0.5 % of one processor.
std::chrono::nanoseconds pause_after(std::chrono::nanoseconds processor_time,
                                     std::chrono::nanoseconds step);

// What this thread has taken, with what the kernel spends for it, as on walking
// its tables.
std::chrono::nanoseconds thread_time();

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_PACE_H_
