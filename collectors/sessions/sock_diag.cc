#include "collectors/sessions/sock_diag.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>

#include <cstddef>
#include <cstring>

#include "collectors/sessions/socket_message.h"

namespace ssh_keepalive::sessions {
namespace {

constexpr std::uint32_t bit(TcpState state) {
  return std::uint32_t{1} << static_cast<unsigned>(state);
}

constexpr std::uint32_t kWantedStates = bit(TcpState::kEstablished) |
                                        bit(TcpState::kCloseWait) |
                                        bit(TcpState::kListen);
constexpr std::uint8_t kTcpInfoExtension = 1U << (INET_DIAG_INFO - 1);

template <typename T>
void append(std::vector<std::byte>& bytes, const T& value) {
  const std::size_t offset = bytes.size();
  bytes.resize(offset + NLMSG_ALIGN(sizeof value));
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

// Hands the socket of one message to `sink`, unless it is one that was not
// asked for.
Result<void> decode_socket(std::span<const std::byte> bytes,
                           const SocketSink& sink) {
  constexpr std::size_t kState = offsetof(inet_diag_msg, idiag_state);
  if (bytes.size() > kState) {
    const auto state = std::to_integer<std::uint8_t>(bytes[kState]);
    if (state >= 32 || (kWantedStates & (std::uint32_t{1} << state)) == 0) {
      return {};
    }
  }
  const Result<FinalSocket> message = decode_socket_message(bytes);
  if (!message.ok()) {
    return message.error();
  }
  sink(message->socket);
  return {};
}

// Both NLMSG_ERROR and NLMSG_DONE begin with a negative errno, or 0.
Result<void> decode_status(std::span<const std::byte> payload,
                           DumpProgress& progress) {
  progress.done = true;
  if (payload.size() < sizeof(std::int32_t)) {
    return malformed_message("the final status is cut short");
  }
  const auto status = read_wire<std::int32_t>(payload);
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
  const Result<void> decoded = for_each_message(
      datagram,
      [&](const nlmsghdr& header,
          std::span<const std::byte> payload) -> Result<bool> {
        progress.interrupted |= (header.nlmsg_flags & NLM_F_DUMP_INTR) != 0 ||
                                header.nlmsg_type == NLMSG_OVERRUN;
        Result<void> one;
        if (header.nlmsg_type == NLMSG_DONE ||
            header.nlmsg_type == NLMSG_ERROR) {
          one = decode_status(payload, progress);
        } else if (header.nlmsg_type == TCPDIAG_GETSOCK ||
                   header.nlmsg_type == SOCK_DIAG_BY_FAMILY) {
          one = decode_socket(payload, sink);
        }
        if (!one.ok()) {
          return one.error();
        }
        return !progress.done;
      });
  if (!decoded.ok()) {
    return decoded.error();
  }
  return progress;
}

}  // namespace ssh_keepalive::sessions
