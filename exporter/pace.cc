#include "exporter/pace.h"

#include <algorithm>
#include <ctime>

namespace ssh_keepalive {

std::chrono::nanoseconds pause_after(std::chrono::nanoseconds processor_time,
                                     std::chrono::nanoseconds step) {
  constexpr int kPausesPerLook = 200;  // 0.5 %
  return std::max(step, kPausesPerLook * processor_time);
}

std::chrono::nanoseconds thread_time() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) +
         std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace ssh_keepalive
