// Doing something inside another network namespace.
#ifndef SSH_KEEPALIVE_COLLECTORS_NETNS_VISIT_H_
#define SSH_KEEPALIVE_COLLECTORS_NETNS_VISIT_H_

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "collectors/base/result.h"
#include "collectors/base/unique_fd.h"

namespace ssh_keepalive::netns {

// Whether this process may enter namespaces: CAP_SYS_ADMIN.
bool may_enter();

// One call inside a namespace, on a thread of its own that ends with it; no
// other thread is ever there. What the kernel answers on that thread is the
// namespace's: sockets, and /proc/sys/net. /proc/net however stays the
// process's; /proc/thread-self/net follows the thread.
class Visit {
 public:
  // Opens a namespace for setns(2).
  using Door = std::function<Result<UniqueFd>()>;

  // Begins it. Both run on that thread, which nobody waits for longer than they
  // like: they must own all that they use. What `action` throws makes it
  // kFailed.
  Visit(Door door, std::function<void()> action);

  // How it ended; nothing where it has not by then. Errors: the door's; kDenied
  // without CAP_SYS_ADMIN; kFailed, also without a thread.
  [[nodiscard]] std::optional<Result<void>> wait_until(
      std::chrono::steady_clock::time_point deadline) const;

  [[nodiscard]] bool has_ended() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the thread
};

}  // namespace ssh_keepalive::netns

#endif  // SSH_KEEPALIVE_COLLECTORS_NETNS_VISIT_H_
