#include "collectors/sessions/listening_ports.h"

#include "collectors/sessions/socket_table.h"

namespace ssh_keepalive::sessions {

std::vector<std::uint16_t> listening_ports(
    const HostRoot& root, const Exchange& exchange,
    const std::set<std::uint64_t>& inodes) {
  if (inodes.empty()) {
    return {};
  }
  Result<SocketTable> table = dump_sockets(exchange, Selection::listeners());
  if (!table.ok()) {
    table = read_proc_net_tcp(root, Selection::listeners());
  }
  std::set<std::uint16_t> ports;
  if (table.ok()) {
    for (const Socket& socket : table->sockets) {
      if (inodes.contains(socket.inode)) {
        ports.insert(socket.local.port);
      }
    }
  }
  return {ports.begin(), ports.end()};
}

}  // namespace ssh_keepalive::sessions
