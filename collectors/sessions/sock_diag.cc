#include "collectors/sessions/sock_diag.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace ssh_keepalive::sessions {
namespace {

constexpr std::uint32_t bit(TcpState state) {
  return std::uint32_t{1} << static_cast<unsigned>(state);
}

constexpr std::uint32_t kWantedStates = bit(TcpState::kEstablished) |
                                        bit(TcpState::kCloseWait) |
                                        bit(TcpState::kListen);
constexpr std::uint8_t kTcpInfoExtension = 1U << (INET_DIAG_INFO - 1);

// Linux 4.2's struct tcp_info, the first with segment counts. Fields behind
// them are not used.
constexpr std::size_t kUsedTcpInfoBytes =
    offsetof(struct tcp_info, tcpi_segs_in) + sizeof(std::uint32_t);

template <typename T>
void append(std::vector<std::byte>& bytes, const T& value) {
  const std::size_t offset = bytes.size();
  bytes.resize(offset + NLMSG_ALIGN(sizeof value));
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

// The caller has checked that `bytes` is long enough for a T.
template <typename T>
T read(std::span<const std::byte> bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

Error malformed(std::string reason) {
  return {.kind = ErrorKind::kInvalid,
          .attempted = "decode the kernel's TCP socket dump",
          .subject = "",
          .reason = std::move(reason)};
}

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

// The attributes behind an inet_diag_msg: only tcp_info is used.
Result<void> decode_attributes(std::span<const std::byte> bytes,
                               Socket& socket) {
  while (!bytes.empty()) {
    if (bytes.size() < sizeof(rtattr)) {
      return malformed("an attribute header is cut short");
    }
    const auto header = read<rtattr>(bytes);
    if (header.rta_len < sizeof header || header.rta_len > bytes.size()) {
      return malformed("an attribute does not fit its message");
    }
    const std::span<const std::byte> payload =
        bytes.subspan(sizeof header, header.rta_len - sizeof header);
    // Listeners carry tcp_info too; its times mean nothing there.
    if (header.rta_type == INET_DIAG_INFO &&
        socket.state != TcpState::kListen) {
      if (payload.size() < kUsedTcpInfoBytes) {
        return malformed("tcp_info has " + std::to_string(payload.size()) +
                         " bytes, fewer than Linux 4.2's");
      }
      struct tcp_info wire {};
      std::memcpy(&wire, payload.data(), kUsedTcpInfoBytes);
      socket.info = to_info(wire);
    }
    bytes = bytes.subspan(
        std::min<std::size_t>(RTA_ALIGN(header.rta_len), bytes.size()));
  }
  return {};
}

// Hands the socket of one message to `sink`, unless it is one that was not
// asked for.
Result<void> decode_socket(std::span<const std::byte> bytes,
                           const SocketSink& sink) {
  if (bytes.size() < sizeof(inet_diag_msg)) {
    return malformed("a socket's message is cut short");
  }
  const auto wire = read<inet_diag_msg>(bytes);
  if (wire.idiag_family != AF_INET && wire.idiag_family != AF_INET6) {
    return malformed("address family " + std::to_string(wire.idiag_family) +
                     " is not IP");
  }
  if (wire.idiag_state >= 32 ||
      (kWantedStates & (std::uint32_t{1} << wire.idiag_state)) == 0) {
    return {};
  }
  Socket socket;
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
      bytes.subspan(std::min(NLMSG_ALIGN(sizeof wire), bytes.size())), socket);
  if (!attributes.ok()) {
    return attributes.error();
  }
  sink(socket);
  return {};
}

// Both NLMSG_ERROR and NLMSG_DONE begin with a negative errno, or 0.
Result<void> decode_status(std::span<const std::byte> payload,
                           DumpProgress& progress) {
  progress.done = true;
  if (payload.size() < sizeof(std::int32_t)) {
    return malformed("the final status is cut short");
  }
  const auto status = read<std::int32_t>(payload);
  if (status < 0) {
    progress.refused_errno = static_cast<int>(-std::int64_t{status});
  }
  return {};
}

}  // namespace

std::vector<std::byte> encode_dump_request(DumpKind kind,
                                           const Selection& selection) {
  // For listeners alone the kernel walks the small table that only they are in.
  const bool of_ports = selection.ports().has_value();
  const std::uint32_t states =
      of_ports ? kWantedStates : bit(TcpState::kListen);
  const std::uint8_t extensions = of_ports ? kTcpInfoExtension : 0;
  std::vector<std::byte> bytes;
  nlmsghdr header = {.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP};
  header.nlmsg_type =
      kind == DumpKind::kBothFamilies ? TCPDIAG_GETSOCK : SOCK_DIAG_BY_FAMILY;
  append(bytes, header);
  if (kind == DumpKind::kBothFamilies) {
    append(bytes, inet_diag_req{.idiag_family = AF_INET,
                                .idiag_ext = extensions,
                                .idiag_states = states});
  } else {
    const std::uint8_t family = kind == DumpKind::kIpv4 ? AF_INET : AF_INET6;
    append(bytes, inet_diag_req_v2{.sdiag_family = family,
                                   .sdiag_protocol = IPPROTO_TCP,
                                   .idiag_ext = extensions,
                                   .idiag_states = states});
  }
  if (of_ports) {
    const std::vector<std::byte> filter =
        compile_port_filter(*selection.ports());
    append(bytes, rtattr{.rta_len = static_cast<unsigned short>(
                             RTA_LENGTH(filter.size())),
                         .rta_type = INET_DIAG_REQ_BYTECODE});
    bytes.insert(bytes.end(), filter.begin(), filter.end());
  }
  header.nlmsg_len = static_cast<std::uint32_t>(bytes.size());
  std::memcpy(bytes.data(), &header, sizeof header);
  return bytes;
}

Result<DumpProgress> decode_datagram(std::span<const std::byte> datagram,
                                     const SocketSink& sink) {
  DumpProgress progress;
  while (!datagram.empty() && !progress.done) {
    if (datagram.size() < sizeof(nlmsghdr)) {
      return malformed("a message header is cut short");
    }
    const auto header = read<nlmsghdr>(datagram);
    if (header.nlmsg_len < sizeof header ||
        header.nlmsg_len > datagram.size()) {
      return malformed("a message does not fit its datagram");
    }
    const std::span<const std::byte> payload =
        datagram.subspan(sizeof header, header.nlmsg_len - sizeof header);
    progress.interrupted |= (header.nlmsg_flags & NLM_F_DUMP_INTR) != 0 ||
                            header.nlmsg_type == NLMSG_OVERRUN;
    Result<void> decoded;
    if (header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR) {
      decoded = decode_status(payload, progress);
    } else if (header.nlmsg_type == TCPDIAG_GETSOCK ||
               header.nlmsg_type == SOCK_DIAG_BY_FAMILY) {
      decoded = decode_socket(payload, sink);
    }
    if (!decoded.ok()) {
      return decoded.error();
    }
    datagram = datagram.subspan(
        std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), datagram.size()));
  }
  return progress;
}

}  // namespace ssh_keepalive::sessions
