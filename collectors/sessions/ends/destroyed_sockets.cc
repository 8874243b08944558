#include "collectors/sessions/ends/destroyed_sockets.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "collectors/base/file.h"
#include "collectors/sessions/ends/destroy_filter.h"
#include "collectors/sessions/socket_message.h"

namespace ssh_keepalive::sessions {
namespace {

constexpr timeval kPatience = {.tv_sec = 2};
constexpr std::size_t kReceiveBytes = std::size_t{32} << 10;
constexpr std::size_t kAnswerBytes = 4096;

// Room for the news that nobody has taken yet; the kernel doubles it. One end
// takes 1,280 bytes there (Linux 6.18), so the default of 212,992 holds 166: a
// gateway that fails ends more sessions at once. This holds 6,500, and
// takes memory only while they are there.
constexpr int kNewsBytes = 4 << 20;

Error netlink_error(std::string attempted) {
  Error error = system_error(std::move(attempted), "NETLINK_SOCK_DIAG", errno);
  if (errno == EPROTONOSUPPORT || errno == EAFNOSUPPORT) {
    error.kind = ErrorKind::kAbsent;
  }
  return error;
}

UniqueFd open_netlink(int flags) {
  return UniqueFd(
      ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | flags, NETLINK_SOCK_DIAG));
}

// As much as this process may: beyond net.core.rmem_max with CAP_NET_ADMIN,
// else up to it. Where neither is possible the default remains, and losses are
// told.
void make_room(const UniqueFd& fd) {
  for (const int option : {SO_RCVBUFFORCE, SO_RCVBUF}) {
    if (::setsockopt(fd.get(), SOL_SOCKET, option, &kNewsBytes,
                     sizeof kNewsBytes) == 0) {
      return;
    }
  }
}

bool attach(const UniqueFd& fd, const PortSet& ports) {
  std::vector<sock_filter> program = compile_destroy_filter(ports);
  const sock_fprog filter = {.len = static_cast<unsigned short>(program.size()),
                             .filter = program.data()};
  return ::setsockopt(fd.get(), SOL_SOCKET, SO_ATTACH_FILTER, &filter,
                      sizeof filter) == 0;
}

// Joins both groups. Before, the filter must be there.
bool subscribe(const UniqueFd& fd) {
  const auto bit = [](unsigned group) { return 1U << (group - 1); };
  const sockaddr_nl groups = {.nl_family = AF_NETLINK,
                              .nl_pad = 0,
                              .nl_pid = 0,
                              .nl_groups = bit(SKNLGRP_INET_TCP_DESTROY) |
                                           bit(SKNLGRP_INET6_TCP_DESTROY)};
  // sockaddr_nl travels as its base type, as in every socket call.
  return ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&groups),
                sizeof groups) == 0;
}

// As the kernel has it in a socket of that family.
void put_address(AddressFamily family, const Endpoint& endpoint,
                 __be32* address) {
  constexpr __be32 kMapped = 0xffff;
  if (family == AddressFamily::kIpv6 &&
      endpoint.family == AddressFamily::kIpv4) {
    address[2] = htonl(kMapped);
    std::memcpy(&address[3], endpoint.address.data(), 4);
    return;
  }
  std::memcpy(address, endpoint.address.data(), endpoint.address.size());
}

Remains remains_in(TcpState state) {
  switch (static_cast<int>(state)) {
    case TCP_TIME_WAIT:
    case TCP_FIN_WAIT2:
      return Remains::kTimeWait;
    case TCP_FIN_WAIT1:
    case TCP_CLOSING:
    case TCP_LAST_ACK:
      return Remains::kClosing;
    case TCP_CLOSE:
    case TCP_LISTEN:  // who would take such a connection
      return Remains::kNothing;
    default:
      return Remains::kOpen;
  }
}

// What the kernel says instead of a socket.
Result<Left> decode_refusal(std::span<const std::byte> payload) {
  if (payload.size() < sizeof(std::int32_t)) {
    return malformed_message("the kernel's refusal is cut short");
  }
  const auto status = read_wire<std::int32_t>(payload);
  if (status == -ENOENT) {
    return Left{};
  }
  return Error{.kind = ErrorKind::kFailed,
               .attempted = "look up a connection",
               .subject = "by netlink",
               .reason = "refused: " + std::to_string(-std::int64_t{status})};
}

}  // namespace

Result<void> decode_news(std::span<const std::byte> datagram,
                         const FinalSocketSink& sink) {
  return for_each_message(
      datagram,
      [&sink](const nlmsghdr& header,
              std::span<const std::byte> payload) -> Result<bool> {
        if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY) {
          return true;
        }
        const Result<FinalSocket> socket = decode_socket_message(payload);
        if (!socket.ok()) {
          return socket.error();
        }
        if (socket->socket.peer.port != 0 && socket->socket.info) {
          sink(*socket);
        }
        return true;
      });
}

std::vector<std::byte> encode_look_up(const Socket& socket,
                                      std::uint32_t number) {
  struct {
    nlmsghdr header;
    inet_diag_req_v2 request;
  } message{};
  message.header = {.nlmsg_len = sizeof message,
                    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                    .nlmsg_flags = NLM_F_REQUEST,
                    .nlmsg_seq = number,
                    .nlmsg_pid = 0};
  message.request.sdiag_family =
      socket.family == AddressFamily::kIpv4 ? AF_INET : AF_INET6;
  message.request.sdiag_protocol = IPPROTO_TCP;
  message.request.idiag_ext = 1U << (INET_DIAG_INFO - 1);
  message.request.idiag_states = ~0U;
  inet_diag_sockid& id = message.request.id;
  put_address(socket.family, socket.local, id.idiag_src);
  put_address(socket.family, socket.peer, id.idiag_dst);
  id.idiag_sport = htons(socket.local.port);
  id.idiag_dport = htons(socket.peer.port);
  id.idiag_cookie[0] = id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  std::vector<std::byte> bytes(sizeof message);
  std::memcpy(bytes.data(), &message, sizeof message);
  return bytes;
}

Result<Left> decode_left(std::span<const std::byte> datagram) {
  std::optional<Left> left;
  const Result<void> decoded = for_each_message(
      datagram,
      [&left](const nlmsghdr& header,
              std::span<const std::byte> payload) -> Result<bool> {
        if (header.nlmsg_type == NLMSG_ERROR) {
          const Result<Left> refused = decode_refusal(payload);
          if (!refused.ok()) {
            return refused.error();
          }
          left = *refused;
          return false;
        }
        if (header.nlmsg_type != SOCK_DIAG_BY_FAMILY) {
          return true;
        }
        Result<FinalSocket> socket = decode_socket_message(payload);
        if (!socket.ok()) {
          return std::move(socket).error();
        }
        left = Left{.remains = remains_in(socket->socket.state), .socket = {}};
        if (left->remains == Remains::kClosing ||
            left->remains == Remains::kOpen) {
          left->socket = *std::move(socket);
        }
        return false;
      });
  if (!decoded.ok()) {
    return decoded.error();
  }
  return left ? Result<Left>(*left)
              : malformed_message("the kernel's answer has no socket");
}

Result<DestroyedSockets> DestroyedSockets::open(const PortSet& ports) {
  UniqueFd news = open_netlink(SOCK_NONBLOCK);
  UniqueFd questions = open_netlink(0);
  if (!news.valid() || !questions.valid()) {
    return netlink_error("open");
  }
  if (::setsockopt(questions.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience,
                   sizeof kPatience) != 0) {
    return netlink_error("set the receive timeout of");
  }
  make_room(news);
  if (!attach(news, ports)) {
    return netlink_error("set a filter for");
  }
  if (!subscribe(news)) {
    return netlink_error("subscribe to");
  }
  return DestroyedSockets(std::move(news), std::move(questions));
}

Result<void> DestroyedSockets::set_ports(const PortSet& ports) {
  if (!attach(news_, ports)) {
    return netlink_error("set a filter for");
  }
  return {};
}

Result<std::uint64_t> DestroyedSockets::receive(const FinalSocketSink& sink,
                                                std::size_t most) {
  buffer_.resize(kReceiveBytes);
  std::uint64_t lost = 0;
  for (std::size_t i = 0; i < most; ++i) {
    const ssize_t length =
        ::recv(news_.get(), buffer_.data(), buffer_.size(), 0);
    if (length >= 0) {
      // The kernel's own words; what is not understood is newer than this.
      static_cast<void>(decode_news(
          std::span(buffer_).first(static_cast<std::size_t>(length)), sink));
    } else if (errno == ENOBUFS) {
      ++lost;
    } else if (errno == EAGAIN) {
      break;
    } else if (errno != EINTR) {
      return netlink_error("receive from");
    }
  }
  return lost;
}

Result<Left> DestroyedSockets::look_up(const Socket& socket) {
  const std::vector<std::byte> request =
      encode_look_up(socket, ++questions_asked_);
  const sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  ssize_t length = 0;
  do {
    length =
        ::sendto(questions_.get(), request.data(), request.size(), 0,
                 reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel);
  } while (length < 0 && errno == EINTR);
  if (length < 0) {
    return netlink_error("send a request to");
  }
  std::array<std::byte, kAnswerBytes> answer{};
  while (true) {
    length = ::recv(questions_.get(), answer.data(), answer.size(), 0);
    if (length < 0 && errno != EINTR) {
      return netlink_error("receive from");
    }
    const auto bytes = std::span(answer).first(
        static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
    // An answer that came too late for an earlier question does not count.
    if (bytes.size() >= sizeof(nlmsghdr) &&
        read_wire<nlmsghdr>(bytes).nlmsg_seq == questions_asked_) {
      return decode_left(bytes);
    }
  }
}

}  // namespace ssh_keepalive::sessions
