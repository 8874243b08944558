// Which sockets of a host a look is about.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_SELECTION_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_SELECTION_H_

#include <cstdint>
#include <optional>
#include <utility>

#include "collectors/sessions/port_filter.h"
#include "collectors/sessions/socket.h"

namespace ssh_keepalive::sessions {

class Selection {
 public:
  // Those in one of TcpState's states with a local or remote port of the set.
  explicit Selection(PortSet ports) : ports_(std::move(ports)) {}

  // All that listen, whatever their port.
  static Selection listeners() { return {}; }

  // Nothing for listeners().
  [[nodiscard]] const std::optional<PortSet>& ports() const { return ports_; }

  [[nodiscard]] bool has(TcpState state, std::uint16_t local_port,
                         std::uint16_t peer_port) const {
    return ports_ ? ports_->contains(local_port) || ports_->contains(peer_port)
                  : state == TcpState::kListen;
  }

 private:
  Selection() = default;

  std::optional<PortSet> ports_;
};

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_SELECTION_H_
