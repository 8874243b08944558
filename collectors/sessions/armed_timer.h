// Whether a keepalive timer runs on settings that are no longer in force.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_ARMED_TIMER_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_ARMED_TIMER_H_

#include <chrono>
#include <optional>

#include "collectors/base/host_root.h"
#include "collectors/sessions/socket.h"

namespace ssh_keepalive::sessions {

// Those of the network namespace that the sockets are in: a timer is armed
// with them and does not follow their changes. Both 0 or more.
struct KeepaliveSettings {
  std::chrono::seconds time{0};      // tcp_keepalive_time, T
  std::chrono::seconds interval{0};  // tcp_keepalive_intvl, I

  bool operator==(const KeepaliveSettings&) const = default;
};

// From /proc/sys/net/ipv4, which follows the calling thread's namespace.
// Nothing where one of them cannot be read, or is negative: the kernel takes
// -1 and then arms timers in a way of its own.
std::optional<KeepaliveSettings> read_keepalive_settings(const HostRoot& root);

// Whether the pending keepalive timer cannot have been armed with these
// settings. The kernel (tcp_keepalive_timer in net/ipv4/tcp_timer.c) arms it
// for T when SO_KEEPALIVE is set or data is under way, for T less the silence
// so far when it fires early, and for I after each probe. So the time until it
// fires and the silence so far, which only later traffic makes shorter, add up
// to at most T, or to I where a probe was answered; and while probes are
// unanswered it fires within I, or T was raised meanwhile and they add up to
// it. More than that proves other settings: older ones, or the socket's own
// (TCP_KEEPIDLE, TCP_KEEPINTVL), which OpenSSH never sets. Less proves
// nothing, and does no harm: a timer that fires early looks at T anew.
// Nothing where no keepalive timer is pending. Without tcp_info the silence is
// unknown and only the timer itself counts.
std::optional<bool> armed_with_other_settings(
    const Socket& socket, const KeepaliveSettings& settings);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_ARMED_TIMER_H_
