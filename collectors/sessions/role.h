// Which end of a connection this host is, told from its ports.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_ROLE_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_ROLE_H_

#include <cstdint>
#include <span>

#include "collectors/base/host_root.h"
#include "collectors/sessions/port_filter.h"
#include "collectors/sessions/session.h"
#include "collectors/sessions/socket.h"

namespace ssh_keepalive::sessions {

// The ports from which the kernel picks for outgoing connections, from
// net.ipv4.ip_local_port_range: these are its defaults.
struct EphemeralPorts {
  std::uint16_t first = 32768;
  std::uint16_t last = 60999;

  [[nodiscard]] bool contains(std::uint16_t port) const {
    return first <= port && port <= last;
  }
};

// The defaults where the file is missing or not two ports.
EphemeralPorts read_ephemeral_ports(const HostRoot& root);

// The server's end is the one whose port has a listener; without one (sshd
// was stopped, its sessions stay) a port of the set that the kernel would not
// have picked by itself. Otherwise the peer's port decides.
Role role_of(const Socket& socket, const PortSet& ports,
             std::span<const std::uint16_t> listening_ports,
             const EphemeralPorts& ephemeral);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_ROLE_H_
