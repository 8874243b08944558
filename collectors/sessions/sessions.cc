#include "collectors/sessions/sessions.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <tuple>
#include <utility>

#include "collectors/sessions/port_filter.h"
#include "collectors/sessions/role.h"
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
Found look(const HostRoot& root, const Selection& selection,
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

Session to_session(const Socket& socket,
                   const std::optional<KeepaliveSettings>& settings) {
  Session session{.socket = socket, .keepalive = keepalive_of(socket)};
  if (session.keepalive == Keepalive::kOff) {
    session.outdated_sysctl = false;
  } else if (settings) {
    session.outdated_sysctl = armed_with_other_settings(socket, *settings);
  }
  return session;
}

}  // namespace

std::vector<Error> collect(const HostRoot& root,
                           std::span<const std::uint16_t> ports,
                           const Exchange& exchange, Memory* memory,
                           Facts& facts) {
  std::vector<Error> errors;
  std::unique_lock<std::mutex> one_look_at_a_time;
  LookFacts this_look;
  if (memory != nullptr) {
    one_look_at_a_time = memory->lock();
    this_look.time.began = memory->now();
  }
  const PortSet port_set(ports);
  if (port_set.left_out() > 0) {
    errors.push_back({.kind = ErrorKind::kLimit,
                      .attempted = "watch",
                      .subject = "SSH ports",
                      .reason = std::to_string(port_set.left_out()) +
                                " are left out: at most " +
                                std::to_string(kMaxPorts) + " are possible"});
  }
  Found found = look(root, Selection(port_set), exchange, errors);
  if (memory != nullptr) {
    this_look.time.ended = memory->now();
    this_look.ports.assign(ports.begin(), ports.end());
    this_look.complete =
        found.source != Source::kNone && !found.table.incomplete;
  }
  if (found.table.incomplete) {
    errors.push_back(*std::move(found.table.incomplete));
  }
  facts.source = found.source;
  std::vector<Socket>& sockets = found.table.sockets;
  sort_and_deduplicate(sockets);
  for (const Socket& socket : sockets) {
    if (socket.state == TcpState::kListen) {
      facts.listening_ports.push_back(socket.local.port);
    }
  }
  std::vector<std::uint16_t>& listening = facts.listening_ports;
  std::sort(listening.begin(), listening.end());
  listening.erase(std::unique(listening.begin(), listening.end()),
                  listening.end());
  const EphemeralPorts ephemeral = read_ephemeral_ports(root);
  if (found.source != Source::kNone) {
    facts.keepalive_settings = read_keepalive_settings(root);
  }
  for (const Socket& socket : sockets) {
    if (socket.state != TcpState::kListen) {
      Session& session = facts.sessions.emplace_back(
          to_session(socket, facts.keepalive_settings));
      session.role = role_of(socket, port_set, listening, ephemeral);
    }
  }
  if (memory != nullptr) {
    this_look.settings = facts.keepalive_settings;
    memory->complete(this_look, facts.sessions);
  }
  Owners nobody_known;
  Owners& owners = memory != nullptr ? memory->owners() : nobody_known;
  owners.complete(root, std::chrono::steady_clock::now(), facts.sessions);
  return errors;
}

void observe(const HostRoot& root, std::span<const std::uint16_t> ports,
             const Exchange& exchange, Memory& memory) {
  const std::unique_lock<std::mutex> lock = memory.try_lock();
  if (!lock.owns_lock()) {
    return;
  }
  LookFacts this_look = {.settings = read_keepalive_settings(root),
                         .ports = {ports.begin(), ports.end()}};
  this_look.time.began = memory.now();
  Result<SocketTable> table = dump_sockets(exchange, Selection(PortSet(ports)));
  if (!table.ok()) {
    return;
  }
  this_look.time.ended = memory.now();
  this_look.complete = !table->incomplete;
  sort_and_deduplicate(table->sockets);
  std::vector<Session> sessions;
  for (const Socket& socket : table->sockets) {
    if (socket.state != TcpState::kListen) {
      sessions.push_back(to_session(socket, this_look.settings));
    }
  }
  memory.complete(this_look, sessions);
}

}  // namespace ssh_keepalive::sessions
