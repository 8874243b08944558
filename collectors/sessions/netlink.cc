#include "collectors/sessions/netlink.h"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <chrono>
#include <utility>
#include <vector>

#include "collectors/base/file.h"
#include "collectors/base/unique_fd.h"

namespace ssh_keepalive::sessions {
namespace {

constexpr timeval kReceiveTimeout = {.tv_sec = 2};
// Some hundred times what a walk over a million sockets takes.
constexpr std::chrono::seconds kMaxExchange{30};

// The kernel fills dump datagrams up to the size of the buffer it saw in the
// last receive call, and never beyond 32 KiB.
constexpr std::size_t kReceiveBytes = std::size_t{64} << 10;

Error netlink_error(std::string attempted, int errno_value) {
  Error error =
      system_error(std::move(attempted), "NETLINK_SOCK_DIAG", errno_value);
  if (errno_value == EPROTONOSUPPORT || errno_value == EAFNOSUPPORT ||
      errno_value == ESOCKTNOSUPPORT) {
    error.kind = ErrorKind::kAbsent;
  }
  if (errno_value == EAGAIN) {
    error.reason = "no answer within two seconds";
  }
  return error;
}

Result<UniqueFd> open_socket() {
  UniqueFd fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  if (!fd.valid()) {
    return netlink_error("open", errno);
  }
  if (::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &kReceiveTimeout,
                   sizeof kReceiveTimeout) != 0) {
    return netlink_error("set the receive timeout of", errno);
  }
  return fd;
}

Result<void> send_request(const UniqueFd& fd,
                          std::span<const std::byte> request) {
  sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  while (true) {
    // sockaddr_nl travels as its base type, as in every socket call.
    const ssize_t sent =
        ::sendto(fd.get(), request.data(), request.size(), 0,
                 reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel);
    if (sent >= 0) {
      return {};
    }
    if (errno != EINTR) {
      return netlink_error("send a dump request to", errno);
    }
  }
}

// One datagram from the kernel into `buffer`; its length.
Result<std::size_t> receive(const UniqueFd& fd,
                            std::vector<std::byte>& buffer) {
  while (true) {
    sockaddr_nl sender = {};
    iovec where = {.iov_base = buffer.data(), .iov_len = buffer.size()};
    msghdr message = {.msg_name = &sender,
                      .msg_namelen = sizeof sender,
                      .msg_iov = &where,
                      .msg_iovlen = 1};
    const ssize_t length = ::recvmsg(fd.get(), &message, 0);
    if (length < 0 && errno == EINTR) {
      continue;
    }
    if (length < 0) {
      return netlink_error("receive from", errno);
    }
    if (sender.nl_pid != 0) {
      continue;  // not from the kernel
    }
    if ((message.msg_flags & MSG_TRUNC) != 0) {
      return Error{.kind = ErrorKind::kLimit,
                   .attempted = "receive from",
                   .subject = "NETLINK_SOCK_DIAG",
                   .reason = "a datagram is larger than " +
                             std::to_string(buffer.size()) + " bytes"};
    }
    return static_cast<std::size_t>(length);
  }
}

}  // namespace

Result<void> kernel_exchange(std::span<const std::byte> request,
                             const DatagramSink& sink) {
  Result<UniqueFd> fd = open_socket();
  if (!fd.ok()) {
    return std::move(fd).error();
  }
  Result<void> sent = send_request(*fd, request);
  if (!sent.ok()) {
    return sent;
  }
  std::vector<std::byte> buffer(kReceiveBytes);
  const auto deadline = std::chrono::steady_clock::now() + kMaxExchange;
  while (true) {
    if (std::chrono::steady_clock::now() > deadline) {
      return netlink_error("receive from", ETIMEDOUT);
    }
    Result<std::size_t> length = receive(*fd, buffer);
    if (!length.ok()) {
      return std::move(length).error();
    }
    Result<bool> more = sink(std::span(buffer).first(*length));
    if (!more.ok()) {
      return std::move(more).error();
    }
    if (!*more) {
      return {};
    }
  }
}

Exchange exchange_for(const HostRoot& root) {
  if (root.has_running_kernel()) {
    return kernel_exchange;
  }
  return [root](std::span<const std::byte> /*request*/,
                const DatagramSink& sink) -> Result<void> {
    Result<File> recorded = read_file(root, kRecordedDump);
    if (!recorded.ok()) {
      return std::move(recorded).error();
    }
    const auto invalid = [](std::string reason) {
      return Error{.kind = ErrorKind::kInvalid,
                   .attempted = "decode",
                   .subject = std::string(kRecordedDump),
                   .reason = std::move(reason)};
    };
    Result<bool> more = sink(std::as_bytes(std::span(recorded->bytes)));
    if (!more.ok()) {
      return invalid(more.error().reason);
    }
    if (*more) {
      return invalid("the recording ends before the dump does");
    }
    return {};
  };
}

}  // namespace ssh_keepalive::sessions
