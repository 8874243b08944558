// What the kernel's settings make of a TCP connection's life. Rules: Linux
// net/ipv4/tcp_timer.c, confirmed by measurement on Linux 6.18.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_TCP_LIFETIME_H_
#define SSH_KEEPALIVE_DIAGNOSIS_TCP_LIFETIME_H_

#include <optional>

#include "collectors/sysctl/sysctl.h"
#include "diagnosis/time_range.h"

namespace ssh_keepalive::diagnosis {

struct TcpLifetime {
  // Longest wire silence that the keepalive timer (SO_KEEPALIVE) lets happen
  // between two healthy ends; kNever where it sends no probe.
  std::optional<Seconds> refresh_interval;
  // From the peer's last packet until the keepalive timer ends an idle
  // connection whose peer is gone. With tcp_keepalive_probes 0 it also ends
  // those whose peer is healthy.
  std::optional<Seconds> dead_peer_time;
  // How long the first unacknowledged data is sent again before the kernel
  // gives up, counted from its first retransmission at the smallest timeout:
  // a lower bound for a real connection, which starts from its own timeout.
  std::optional<Seconds> retransmission_limit;
};

// A time is absent where a setting that it needs is unknown, or has a value
// that no kernel accepts.
[[nodiscard]] TcpLifetime tcp_lifetime(const sysctl::Facts& facts);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_TCP_LIFETIME_H_
