#include "collectors/sessions/look.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "collectors/sessions/port_filter.h"
#include "collectors/sessions/socket_table.h"

namespace ssh_keepalive::sessions {
namespace {

auto order(const Socket& socket) {
  return std::tie(socket.cookie, socket.inode, socket.local, socket.peer);
}

bool is_same(const Socket& a, const Socket& b) {
  // A socket gets its inode only when a process accepts it.
  return a.cookie ? a.cookie == b.cookie : order(a) == order(b);
}

// Sockets that come and go during a walk can make it report others twice.
void sort_and_deduplicate(std::vector<Socket>& sockets) {
  std::sort(
      sockets.begin(), sockets.end(),
      [](const Socket& a, const Socket& b) { return order(a) < order(b); });
  sockets.erase(std::unique(sockets.begin(), sockets.end(), is_same),
                sockets.end());
}

struct Found {
  Source source = Source::kNone;
  SocketTable table;
};

// Netlink, else /proc/net/tcp. Appends what went wrong on the way, but not
// that a source is closed or missing while the other one is open.
Found find_sockets(const HostRoot& root, const Selection& selection,
                   const Exchange& exchange, std::vector<Error>& errors) {
  Result<SocketTable> dumped = dump_sockets(exchange, selection);
  if (dumped.ok()) {
    return {.source = Source::kNetlink, .table = *std::move(dumped)};
  }
  const bool closed = dumped.error().kind == ErrorKind::kAbsent ||
                      dumped.error().kind == ErrorKind::kDenied;
  if (!closed) {
    errors.push_back(dumped.error());
  }
  Result<SocketTable> read = read_proc_net_tcp(root, selection);
  if (read.ok()) {
    return {.source = Source::kProcNetTcp, .table = *std::move(read)};
  }
  const bool nothing_to_look_at =
      read.error().kind == ErrorKind::kAbsent && !root.has_running_kernel();
  if (closed && !nothing_to_look_at) {
    errors.push_back(dumped.error());
  }
  if (read.error().kind != ErrorKind::kAbsent) {
    errors.push_back(read.error());
  }
  return {};
}

void keep(SocketTable table, Look& look) {
  look.complete = !table.incomplete;
  look.sockets = std::move(table.sockets);
  sort_and_deduplicate(look.sockets);
}

}  // namespace

std::vector<Error> take_look(const HostRoot& root,
                             std::span<const std::uint16_t> ports,
                             const Exchange& exchange, const Clock& clock,
                             Look& look) {
  std::vector<Error> errors;
  const PortSet port_set(ports);
  if (port_set.left_out() > 0) {
    errors.push_back({.kind = ErrorKind::kLimit,
                      .attempted = "watch",
                      .subject = "SSH ports",
                      .reason = std::to_string(port_set.left_out()) +
                                " are left out: at most " +
                                std::to_string(kMaxPorts) + " are possible"});
  }
  look.ports.assign(ports.begin(), ports.end());
  look.time.began = clock();
  Found found = find_sockets(root, Selection(port_set), exchange, errors);
  look.time.ended = clock();
  look.source = found.source;
  if (found.table.incomplete) {
    errors.push_back(*found.table.incomplete);
  }
  if (found.source != Source::kNone) {
    keep(std::move(found.table), look);
    look.settings = read_keepalive_settings(root);
  }
  look.ephemeral = read_ephemeral_ports(root);
  return errors;
}

std::optional<Look> take_quick_look(const HostRoot& root,
                                    std::span<const std::uint16_t> ports,
                                    const Exchange& exchange,
                                    const Clock& clock) {
  Look look{.source = Source::kNetlink,
            .ports = {ports.begin(), ports.end()},
            .settings = read_keepalive_settings(root)};
  look.time.began = clock();
  Result<SocketTable> table = dump_sockets(exchange, Selection(PortSet(ports)));
  if (!table.ok()) {
    return std::nullopt;
  }
  look.time.ended = clock();
  keep(*std::move(table), look);
  return look;
}

std::vector<std::uint16_t> Look::listening_ports() const {
  std::vector<std::uint16_t> listening;
  for (const Socket& socket : sockets) {
    if (socket.state == TcpState::kListen) {
      listening.push_back(socket.local.port);
    }
  }
  std::ranges::sort(listening);
  listening.erase(std::unique(listening.begin(), listening.end()),
                  listening.end());
  return listening;
}

std::vector<Session> interpret(const Look& look, const netns::Name& netns,
                               Memory* memory) {
  const PortSet ports(look.ports);
  const std::vector<std::uint16_t> listening = look.listening_ports();
  std::vector<Session> sessions;
  for (const Socket& socket : look.sockets) {
    if (socket.state == TcpState::kListen) {
      continue;
    }
    Session session{.netns = netns,
                    .socket = socket,
                    .role = role_of(socket, ports, listening, look.ephemeral),
                    .keepalive = keepalive_of(socket)};
    if (session.keepalive == Keepalive::kOff) {
      session.outdated_sysctl = false;
    } else if (look.settings) {
      session.outdated_sysctl =
          armed_with_other_settings(socket, *look.settings);
    }
    sessions.push_back(std::move(session));
  }
  if (memory != nullptr) {
    memory->complete({.time = look.time,
                      .settings = look.settings,
                      .ports = look.ports,
                      .complete = look.complete},
                     sessions);
  }
  return sessions;
}

}  // namespace ssh_keepalive::sessions
