// When the kernel's keepalive timer (SO_KEEPALIVE) probes a connection, and
// when it ends one: tcp_keepalive_timer() in net/ipv4/tcp_timer.c, with the
// lateness of the kernel's timers.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_KEEPALIVE_TIMER_H_
#define SSH_KEEPALIVE_DIAGNOSIS_KEEPALIVE_TIMER_H_

#include <cstdint>
#include <optional>

#include "collectors/sysctl/sysctl.h"
#include "diagnosis/time_range.h"

namespace ssh_keepalive::diagnosis {

struct KeepaliveTimer {
  Seconds time{};      // T; kNever where it is negative
  Seconds interval{};  // I; kNever where it is negative
  std::int64_t probes = 0;

  // Longest wire silence between two healthy ends; never where no probe is
  // sent.
  TimeRange refresh;
  // From the first tick that finds the peer silent for T until the end.
  TimeRange end_after_first_tick;

  bool operator==(const KeepaliveTimer&) const = default;
};

// Nothing where a setting is unknown.
std::optional<KeepaliveTimer> keepalive_timer(const sysctl::Facts& facts);

// From the peer's last packet until the end of a connection on which nothing
// else is sent. `tick`: since that packet, when a timer fires that was armed
// under other settings; it probes at that time or after T, whichever is later.
TimeRange keepalive_end(const KeepaliveTimer& timer, Seconds tick = Seconds(0));

// The rest of it, from now on, where so many probes (1 or more) are unanswered
// and the next tick is due in `expires`.
TimeRange keepalive_end_left(const KeepaliveTimer& timer,
                             std::int64_t unanswered, Seconds expires);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_KEEPALIVE_TIMER_H_
