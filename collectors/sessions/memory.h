// What is kept of the sessions from one look to the next.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_MEMORY_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_MEMORY_H_

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "collectors/sessions/session.h"

namespace ssh_keepalive::sessions {

// What earlier looks saw and this one may not: SO_KEEPALIVE of each socket.
// It holds as many entries as the last look had sessions.
class Memory {
 public:
  // Fills in what is hidden, then keeps what is known of `sessions` only.
  void complete(std::vector<Session>& sessions);

 private:
  std::unordered_map<std::uint64_t, Keepalive> keepalive_;
};

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_MEMORY_H_
