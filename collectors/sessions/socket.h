// A TCP socket as the kernel describes it, whichever way it was asked.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_SOCKET_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_SOCKET_H_

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace ssh_keepalive::sessions {

using std::chrono::microseconds;
using std::chrono::milliseconds;

enum class AddressFamily : std::uint8_t { kIpv4, kIpv6 };

struct Endpoint {
  AddressFamily family = AddressFamily::kIpv4;
  // Network byte order; IPv4 uses the first four.
  std::array<std::uint8_t, 16> address{};
  std::uint16_t port = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads it.
  auto operator<=>(const Endpoint&) const = default;
};

// ::ffff:192.0.2.1 is how a dual-stack listener sees the peer 192.0.2.1.
// Returns that peer's own address; any other endpoint unchanged.
Endpoint unmap_ipv4(const Endpoint& endpoint);

// "192.0.2.1:22", "[2001:db8::1]:22".
std::string to_string(const Endpoint& endpoint);

// "192.0.2.1", "2001:db8::1".
std::string address_text(const Endpoint& endpoint);

// Values as in the kernel's include/net/tcp_states.h. Only those that the
// program asks for have a name.
enum class TcpState : std::uint8_t {
  kEstablished = 1,
  kCloseWait = 8,  // the peer has closed, the process here has not yet
  kListen = 10,
};

// Which timer of a socket is pending: idiag_timer of inet_diag(7), `tr` of
// /proc/net/tcp. A socket has several timers; the kernel tells only the first
// pending one, in the order retransmit, zero window, keepalive.
enum class TimerKind : std::uint8_t {
  kNone,
  kRetransmit,  // also the tail-loss probe: data waits for its ACK
  kKeepalive,
  kZeroWindow,
  kOther,  // delayed ACK (newest kernels), TIME_WAIT, or one not known yet
};

struct Timer {
  TimerKind kind = TimerKind::kNone;
  // Until the nominal time of the next tick. The kernel's timer wheel may
  // fire later, never earlier.
  milliseconds expires{0};
  // With kKeepalive and kZeroWindow: probes that nobody has answered. With
  // kRetransmit: retransmissions of the oldest data.
  std::uint32_t unanswered = 0;

  bool operator==(const Timer&) const = default;
};

// What struct tcp_info (linux/tcp.h) adds; /proc/net/tcp has none of it.
struct TcpInfo {
  milliseconds since_data_sent{0};
  milliseconds since_data_received{0};
  milliseconds since_ack_received{0};
  microseconds retransmission_timeout{0};
  microseconds smoothed_round_trip{0};
  microseconds round_trip_variation{0};
  std::uint8_t retransmits = 0;  // of the oldest unacknowledged data
  std::uint8_t probes = 0;       // unanswered, keepalive or zero window
  std::uint8_t backoff = 0;      // doublings of the retransmission timeout
  std::uint32_t unacknowledged_segments = 0;
  std::uint32_t segments_sent = 0;      // modulo 2^32
  std::uint32_t segments_received = 0;  // modulo 2^32
  std::uint64_t bytes_acknowledged = 0;
  std::uint64_t bytes_received = 0;

  bool operator==(const TcpInfo&) const = default;
};

struct Socket {
  AddressFamily family = AddressFamily::kIpv4;  // of the socket itself
  Endpoint local;                               // IPv4-mapped ones unmapped
  Endpoint peer;
  TcpState state = TcpState::kEstablished;
  Timer timer;
  std::uint32_t uid = 0;
  // 0: no process has accepted the connection yet.
  std::uint64_t inode = 0;
  // Unique among all sockets since boot; only netlink tells it.
  std::optional<std::uint64_t> cookie;
  std::optional<TcpInfo> info;

  bool operator==(const Socket&) const = default;
};

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_SOCKET_H_
