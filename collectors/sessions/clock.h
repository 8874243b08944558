// The time of a look at the sockets.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_CLOCK_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_CLOCK_H_

#include <chrono>
#include <functional>

namespace ssh_keepalive::sessions {

struct Instant {
  // Since boot, without the time the host was suspended: CLOCK_MONOTONIC. The
  // kernel's jiffies, and with them all times of tcp_info, stop then too.
  std::chrono::nanoseconds awake{0};
  // How long the host was suspended since boot: what CLOCK_BOOTTIME has more.
  std::chrono::nanoseconds suspended{0};
};

using Clock = std::function<Instant()>;

// The kernel's clocks.
Instant kernel_clock();

// A look takes time: each socket was seen at some moment between the two.
struct LookTime {
  Instant began;
  Instant ended;
};

// Whether the host slept between two instants. The two clocks cannot be read
// at once, so less than a second may be nothing.
bool was_suspended(const Instant& earlier, const Instant& later);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_CLOCK_H_
