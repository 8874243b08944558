// How long the kernel sends unacknowledged data again before it ends the
// connection: net/ipv4/tcp_timer.c and tcp_output.c, confirmed by measurement
// on Linux 6.18 (HZ 250).
#ifndef SSH_KEEPALIVE_DIAGNOSIS_RETRANSMISSION_H_
#define SSH_KEEPALIVE_DIAGNOSIS_RETRANSMISSION_H_

#include <optional>

#include "collectors/sysctl/sysctl.h"
#include "diagnosis/time_range.h"

namespace ssh_keepalive::diagnosis {

struct RetransmissionSettings {
  // What tcp_retries2 comes to: not a count, but a time since the first
  // retransmission, after which the next timeout ends the connection.
  Seconds limit{};
  Seconds smallest_timeout{0.2};  // tcp_rto_min_us
  Seconds largest_timeout{120};   // tcp_rto_max_ms

  bool operator==(const RetransmissionSettings&) const = default;
};

// Nothing where a setting that it needs is unknown, or one that no kernel
// takes.
std::optional<RetransmissionSettings> retransmission_settings(
    const sysctl::Facts& facts);

// What a connection has measured of its path.
struct RoundTrip {
  Seconds timeout{0.204};    // before any doubling: tcpi_rtt + 4 * tcpi_rttvar
  Seconds smoothed{0.0005};  // tcpi_rtt

  bool operator==(const RoundTrip&) const = default;
};

// Of connections on short paths, for where there is no connection to ask.
inline constexpr RoundTrip kShortestPath{Seconds(0.204), Seconds(0.0001)};
inline constexpr RoundTrip kShortPath{Seconds(0.212), Seconds(0.01)};

// From the sending of the first data that nobody acknowledges until the end: a
// tail-loss probe, then retransmissions at intervals that double. How late each
// timer fires depends on when in the kernel's time it was armed, which makes it
// a range.
TimeRange retransmission_time(const RetransmissionSettings& settings,
                              const RoundTrip& path);

// The same on paths between kShortestPath and kShortPath.
TimeRange retransmission_time(const RetransmissionSettings& settings);

// How often the oldest data has been sent again when the kernel gives up, the
// tail-loss probe not counted. `timeout`: as RoundTrip's.
int retransmissions_until_end(const RetransmissionSettings& settings,
                              Seconds timeout);

// The rest of it, after so many retransmissions (1 or more), where the next one
// is due in `expires`.
TimeRange retransmission_time_left(const RetransmissionSettings& settings,
                                   const RoundTrip& path, int retransmissions,
                                   Seconds expires);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_RETRANSMISSION_H_
