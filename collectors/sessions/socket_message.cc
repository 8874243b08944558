#include "collectors/sessions/socket_message.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/rtnetlink.h>
#include <linux/tcp.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace ssh_keepalive::sessions {
namespace {

// Linux 4.2's struct tcp_info, the first with segment counts. Later ones
// are used where they are there.
constexpr std::size_t kUsedTcpInfoBytes =
    offsetof(struct tcp_info, tcpi_segs_in) + sizeof(std::uint32_t);

Endpoint to_endpoint(AddressFamily family, const __be32* address, __be16 port) {
  Endpoint endpoint;
  endpoint.family = family;
  std::memcpy(endpoint.address.data(), address,
              family == AddressFamily::kIpv4 ? 4 : 16);
  endpoint.port = ntohs(port);
  return unmap_ipv4(endpoint);
}

TimerKind to_timer_kind(std::uint8_t idiag_timer) {
  switch (idiag_timer) {
    case 0:
      return TimerKind::kNone;
    case 1:
      return TimerKind::kRetransmit;
    case 2:
      return TimerKind::kKeepalive;
    case 4:
      return TimerKind::kZeroWindow;
    default:
      return TimerKind::kOther;
  }
}

TcpInfo to_info(const struct tcp_info& wire) {
  return {.since_data_sent = milliseconds(wire.tcpi_last_data_sent),
          .since_data_received = milliseconds(wire.tcpi_last_data_recv),
          .since_ack_received = milliseconds(wire.tcpi_last_ack_recv),
          .retransmission_timeout = microseconds(wire.tcpi_rto),
          .smoothed_round_trip = microseconds(wire.tcpi_rtt),
          .round_trip_variation = microseconds(wire.tcpi_rttvar),
          .retransmits = wire.tcpi_retransmits,
          .probes = wire.tcpi_probes,
          .backoff = wire.tcpi_backoff,
          .unacknowledged_segments = wire.tcpi_unacked,
          .segments_sent = wire.tcpi_segs_out,
          .segments_received = wire.tcpi_segs_in,
          .bytes_acknowledged = wire.tcpi_bytes_acked,
          .bytes_received = wire.tcpi_bytes_received};
}

// Linux 4.19's counts of payload, and 4.6's of what was never sent.
void add_counts(std::span<const std::byte> payload, FinalSocket& socket) {
  constexpr std::size_t kNotSent =
      offsetof(struct tcp_info, tcpi_notsent_bytes);
  constexpr std::size_t kSent = offsetof(struct tcp_info, tcpi_bytes_sent);
  constexpr std::size_t kAgain = offsetof(struct tcp_info, tcpi_bytes_retrans);
  if (payload.size() >= kNotSent + sizeof(std::uint32_t)) {
    socket.bytes_not_sent = read_wire<std::uint32_t>(payload.subspan(kNotSent));
  }
  if (payload.size() >= kAgain + sizeof(std::uint64_t)) {
    socket.bytes_sent = read_wire<std::uint64_t>(payload.subspan(kSent));
    socket.bytes_retransmitted =
        read_wire<std::uint64_t>(payload.subspan(kAgain));
  }
}

// The attributes behind an inet_diag_msg: only tcp_info is used.
Result<void> decode_attributes(std::span<const std::byte> bytes,
                               FinalSocket& final) {
  Socket& socket = final.socket;
  while (!bytes.empty()) {
    if (bytes.size() < sizeof(rtattr)) {
      return malformed_message("an attribute header is cut short");
    }
    const auto header = read_wire<rtattr>(bytes);
    if (header.rta_len < sizeof header || header.rta_len > bytes.size()) {
      return malformed_message("an attribute does not fit its message");
    }
    const std::span<const std::byte> payload =
        bytes.subspan(sizeof header, header.rta_len - sizeof header);
    // Listeners carry tcp_info too; its times mean nothing there.
    if (header.rta_type == INET_DIAG_INFO &&
        socket.state != TcpState::kListen) {
      if (payload.size() < kUsedTcpInfoBytes) {
        return malformed_message("tcp_info has " +
                                 std::to_string(payload.size()) +
                                 " bytes, fewer than Linux 4.2's");
      }
      struct tcp_info wire {};
      std::memcpy(&wire, payload.data(), kUsedTcpInfoBytes);
      socket.info = to_info(wire);
      add_counts(payload, final);
    }
    bytes = bytes.subspan(
        std::min<std::size_t>(RTA_ALIGN(header.rta_len), bytes.size()));
  }
  return {};
}

}  // namespace

Error malformed_message(std::string reason) {
  return {.kind = ErrorKind::kInvalid,
          .attempted = "decode the kernel's TCP socket dump",
          .subject = "",
          .reason = std::move(reason)};
}

Result<void> for_each_message(
    std::span<const std::byte> datagram,
    const std::function<Result<bool>(
        const nlmsghdr& header, std::span<const std::byte> payload)>& use) {
  while (!datagram.empty()) {
    if (datagram.size() < sizeof(nlmsghdr)) {
      return malformed_message("a message header is cut short");
    }
    const auto header = read_wire<nlmsghdr>(datagram);
    if (header.nlmsg_len < sizeof header ||
        header.nlmsg_len > datagram.size()) {
      return malformed_message("a message does not fit its datagram");
    }
    const Result<bool> more =
        use(header,
            datagram.subspan(sizeof header, header.nlmsg_len - sizeof header));
    if (!more.ok()) {
      return more.error();
    }
    if (!*more) {
      return {};
    }
    datagram = datagram.subspan(
        std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), datagram.size()));
  }
  return {};
}

Result<FinalSocket> decode_socket_message(std::span<const std::byte> payload) {
  if (payload.size() < sizeof(inet_diag_msg)) {
    return malformed_message("a socket's message is cut short");
  }
  const auto wire = read_wire<inet_diag_msg>(payload);
  if (wire.idiag_family != AF_INET && wire.idiag_family != AF_INET6) {
    return malformed_message("address family " +
                             std::to_string(wire.idiag_family) + " is not IP");
  }
  FinalSocket final{.unread_bytes = wire.idiag_rqueue,
                    .unacknowledged_bytes = wire.idiag_wqueue};
  Socket& socket = final.socket;
  socket.family = wire.idiag_family == AF_INET ? AddressFamily::kIpv4
                                               : AddressFamily::kIpv6;
  socket.local =
      to_endpoint(socket.family, wire.id.idiag_src, wire.id.idiag_sport);
  socket.peer =
      to_endpoint(socket.family, wire.id.idiag_dst, wire.id.idiag_dport);
  socket.state = static_cast<TcpState>(wire.idiag_state);
  socket.timer = {.kind = to_timer_kind(wire.idiag_timer),
                  .expires = milliseconds(wire.idiag_expires),
                  .unanswered = wire.idiag_retrans};
  socket.uid = wire.idiag_uid;
  socket.inode = wire.idiag_inode;
  socket.cookie =
      std::uint64_t{wire.id.idiag_cookie[1]} << 32 | wire.id.idiag_cookie[0];
  const Result<void> attributes = decode_attributes(
      payload.subspan(std::min(NLMSG_ALIGN(sizeof wire), payload.size())),
      final);
  if (!attributes.ok()) {
    return attributes.error();
  }
  return final;
}

}  // namespace ssh_keepalive::sessions
