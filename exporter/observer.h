#ifndef SSH_KEEPALIVE_EXPORTER_OBSERVER_H_
#define SSH_KEEPALIVE_EXPORTER_OBSERVER_H_

#include <chrono>
#include <functional>
#include <thread>

#include "exporter/log.h"

namespace ssh_keepalive {

// How often a look is taken that costs next to nothing.
inline constexpr std::chrono::seconds kObservationStep{5};

// The pause after a look that took so much processor time: `step`, or longer,
// so that looks take no more than 0.5 % of one processor.
std::chrono::nanoseconds pause_after(std::chrono::nanoseconds processor_time,
                                     std::chrono::nanoseconds step);

// Calls `look` again and again, on a thread and a clock of its own: what is
// told from successive looks must not depend on who scrapes, and how often.
class Observer {
 public:
  // The first look comes after a pause: a scrape at the start goes first.
  // `look` must not throw.
  // Where no thread can be had, a warning says so and nothing is observed.
  Observer(std::function<void()> look, Log& log,
           std::chrono::nanoseconds step = kObservationStep);
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  Observer(Observer&&) = delete;
  Observer& operator=(Observer&&) = delete;
  // Waits for the look under way, not for the pause.
  ~Observer() = default;

 private:
  std::jthread thread_;
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_OBSERVER_H_
