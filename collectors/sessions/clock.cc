#include "collectors/sessions/clock.h"

#include <ctime>

namespace ssh_keepalive::sessions {
namespace {

std::chrono::nanoseconds read_clock(clockid_t id) {
  timespec time{};
  ::clock_gettime(id, &time);
  return std::chrono::seconds(time.tv_sec) +
         std::chrono::nanoseconds(time.tv_nsec);
}

}  // namespace

Instant kernel_clock() {
  const std::chrono::nanoseconds awake = read_clock(CLOCK_MONOTONIC);
  return {.awake = awake, .suspended = read_clock(CLOCK_BOOTTIME) - awake};
}

bool was_suspended(const Instant& earlier, const Instant& later) {
  return later.suspended - earlier.suspended >= std::chrono::seconds(1);
}

}  // namespace ssh_keepalive::sessions
