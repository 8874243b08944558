#include <cerrno>
#include <string>
#include <utility>

#include "collectors/sessions/sock_diag.h"
#include "collectors/sessions/socket_table.h"

namespace ssh_keepalive::sessions {
namespace {

constexpr int kAttempts = 3;

Error refused(int errno_value) {
  Error error = system_error("dump TCP sockets", "by netlink", errno_value);
  if (errno_value == EOPNOTSUPP || errno_value == EINVAL) {
    error.kind = ErrorKind::kAbsent;  // a kernel that lacks the request
  }
  return error;
}

// Runs one request to its end and appends its sockets to `table`. Returns
// whether the kernel's table stayed still meanwhile.
Result<bool> walk(const Exchange& exchange, DumpKind kind,
                  const Selection& selection, SocketTable& table) {
  DumpProgress total;
  const SocketSink keep = [&](const Socket& socket) {
    if (!selection.has(socket.state, socket.local.port, socket.peer.port)) {
      return;  // of a recording, which answers every request alike
    }
    if (table.sockets.size() < kMaxSockets) {
      table.sockets.push_back(socket);
      return;
    }
    table.incomplete = Error{
        .kind = ErrorKind::kLimit,
        .attempted = "dump TCP sockets",
        .subject = "by netlink",
        .reason = "more than " + std::to_string(kMaxSockets) + " are wanted"};
  };
  const Result<void> exchanged = exchange(
      encode_dump_request(kind, selection),
      [&](std::span<const std::byte> datagram) -> Result<bool> {
        Result<DumpProgress> progress = decode_datagram(datagram, keep);
        if (!progress.ok()) {
          return std::move(progress).error();
        }
        total.interrupted |= progress->interrupted;
        total.refused_errno = progress->refused_errno;
        return !progress->done;
      });
  if (!exchanged.ok() && exchanged.error().kind == ErrorKind::kInterrupted) {
    return false;
  }
  if (!exchanged.ok()) {
    return exchanged.error();
  }
  if (total.refused_errno) {
    Error error = refused(*total.refused_errno);
    if (error.kind == ErrorKind::kInterrupted) {
      return false;
    }
    return error;
  }
  return !total.interrupted;
}

Result<bool> walk_each_family(const Exchange& exchange,
                              const Selection& selection, SocketTable& table) {
  Result<bool> ipv4 = walk(exchange, DumpKind::kIpv4, selection, table);
  if (!ipv4.ok()) {
    return ipv4;
  }
  Result<bool> ipv6 = walk(exchange, DumpKind::kIpv6, selection, table);
  if (!ipv6.ok() && ipv6.error().kind == ErrorKind::kAbsent) {
    return ipv4;  // a kernel without IPv6
  }
  if (!ipv6.ok()) {
    return ipv6;
  }
  return *ipv4 && *ipv6;
}

}  // namespace

Result<SocketTable> dump_sockets(const Exchange& exchange,
                                 const Selection& selection) {
  SocketTable table;
  if (selection.ports() && selection.ports()->ports().empty()) {
    return table;  // the kernel would refuse an empty program
  }
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    table = {};
    Result<bool> still =
        walk(exchange, DumpKind::kBothFamilies, selection, table);
    if (!still.ok() && still.error().kind == ErrorKind::kAbsent) {
      table = {};
      still = walk_each_family(exchange, selection, table);
    }
    if (!still.ok()) {
      return std::move(still).error();
    }
    if (*still) {
      return table;
    }
  }
  table.incomplete =
      Error{.kind = ErrorKind::kInterrupted,
            .attempted = "dump TCP sockets",
            .subject = "by netlink",
            .reason = "the table changed or overran in each of " +
                      std::to_string(kAttempts) + " attempts"};
  return table;
}

}  // namespace ssh_keepalive::sessions
