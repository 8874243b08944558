#include "collectors/sessions/role.h"

#include <algorithm>
#include <string_view>

#include "collectors/base/file.h"
#include "collectors/base/number.h"

namespace ssh_keepalive::sessions {

EphemeralPorts read_ephemeral_ports(const HostRoot& root) {
  const Result<File> file =
      read_file(root, "/proc/sys/net/ipv4/ip_local_port_range");
  if (!file.ok()) {
    return {};
  }
  const std::string_view text = trim(file->bytes);
  const std::size_t gap = std::min(text.find_first_of("\t "), text.size());
  const auto first = parse_integer<std::uint16_t>(text.substr(0, gap));
  const auto last = parse_integer<std::uint16_t>(trim(text.substr(gap)));
  if (!first || !last) {
    return {};
  }
  return {.first = *first, .last = *last};
}

Role role_of(const Socket& socket, const PortSet& ports,
             std::span<const std::uint16_t> listening_ports,
             const EphemeralPorts& ephemeral) {
  if (std::binary_search(listening_ports.begin(), listening_ports.end(),
                         socket.local.port)) {
    return Role::kServer;
  }
  if (ports.contains(socket.peer.port)) {
    return Role::kClient;
  }
  return ephemeral.contains(socket.local.port) ? Role::kUnknown : Role::kServer;
}

}  // namespace ssh_keepalive::sessions
