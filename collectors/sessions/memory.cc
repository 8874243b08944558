#include "collectors/sessions/memory.h"

#include <utility>

namespace ssh_keepalive::sessions {
namespace {

std::uint64_t identity(const Socket& socket) {
  return socket.cookie.value_or(socket.inode);
}

}  // namespace

void Memory::complete(std::vector<Session>& sessions) {
  std::unordered_map<std::uint64_t, Keepalive> seen;
  seen.reserve(sessions.size());
  for (Session& session : sessions) {
    const std::uint64_t key = identity(session.socket);
    if (session.keepalive == Keepalive::kHidden) {
      const auto known = keepalive_.find(key);
      if (known == keepalive_.end()) {
        continue;
      }
      session.keepalive = known->second;
    }
    seen[key] = session.keepalive;
  }
  keepalive_ = std::move(seen);
}

}  // namespace ssh_keepalive::sessions
