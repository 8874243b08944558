// The network namespaces that are looked at, and what they are called.
#ifndef SSH_KEEPALIVE_COLLECTORS_NETNS_NAMESPACES_H_
#define SSH_KEEPALIVE_COLLECTORS_NETNS_NAMESPACES_H_

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/netns/finder.h"
#include "collectors/netns/link.h"
#include "collectors/netns/name.h"

namespace ssh_keepalive::netns {

// The namespace of a process; nothing for one that is not looked at.
using NetworkOf =
    std::function<std::optional<Name>(const HostRoot& root, int pid)>;

// Only the host's is looked at. A process that nobody may look at counts as
// the host's.
std::optional<Name> host_only(const HostRoot& root, int pid);

// Those that were found, and which of them have series of their own: the first
// ones that were shown, for as long as they live. Safe to use from several
// threads.
class Namespaces {
 public:
  // Looks for them again. Errors: Finder::find's.
  std::optional<Error> find(const HostRoot& root,
                            std::chrono::steady_clock::time_point now);

  [[nodiscard]] std::map<Id, Found> found() const;

  // From now on this one counts as shown. At most `series_limit` have series.
  // Nothing where it has not been found.
  std::optional<Name> show(Id id, std::size_t series_limit);

  // The same for a process's namespace; the host's as in host_only().
  std::optional<Name> show_of(const HostRoot& root, int pid,
                              std::size_t series_limit);

  [[nodiscard]] bool is_shown(Id id) const;

 private:
  mutable std::mutex mutex_;
  Finder finder_;
  std::vector<Id> shown_;  // those that still are there, the oldest first
};

}  // namespace ssh_keepalive::netns

#endif  // SSH_KEEPALIVE_COLLECTORS_NETNS_NAMESPACES_H_
