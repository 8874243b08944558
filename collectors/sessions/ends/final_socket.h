// A TCP socket as the kernel leaves it.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_ENDS_FINAL_SOCKET_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_ENDS_FINAL_SOCKET_H_

#include <cstdint>
#include <optional>

#include "collectors/sessions/socket.h"

namespace ssh_keepalive::sessions {

struct FinalSocket {
  Socket socket;  // of a destroyed one the state is TCP_CLOSE
  // Received, and never read by the process; a FIN counts as 1.
  std::uint32_t unread_bytes = 0;
  // Written, FIN included, and not acknowledged.
  std::uint32_t unacknowledged_bytes = 0;
  // Written, FIN included, and not sent even once; 0 before Linux 4.6.
  std::uint32_t bytes_not_sent = 0;
  // Payload, with what was sent again, and that alone; nothing before Linux
  // 4.19.
  std::optional<std::uint64_t> bytes_sent;
  std::optional<std::uint64_t> bytes_retransmitted;

  bool operator==(const FinalSocket&) const = default;
};

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_ENDS_FINAL_SOCKET_H_
