// Which network namespaces there are beside the host's.
#ifndef SSH_KEEPALIVE_COLLECTORS_NETNS_FINDER_H_
#define SSH_KEEPALIVE_COLLECTORS_NETNS_FINDER_H_

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/base/unique_fd.h"
#include "collectors/netns/link.h"

namespace ssh_keepalive::netns {

struct Found {
  // Unique on this host, and the same for as long as the namespace is found:
  // that of ip-netns(8), of the container or systemd service of its first
  // process, else "net-f0000123" by its id.
  std::string name;
  std::vector<int> pids;  // some processes in it, those of the lowest pids
  std::string path;       // where it is mounted; empty: nowhere that is known
};

// Lists processes and mounts again and again at little cost: which namespace a
// process is in, is read once, and again after kForget. A process that changes
// its namespace late is noticed that late.
class Finder {
 public:
  static constexpr std::chrono::seconds kForget{60};
  // More are left out, with a kLimit error.
  static constexpr std::size_t kMost = 1024;

  // `now` is of a steady clock. Processes that nobody may look at are passed
  // over. Errors: those of listing /proc; kLimit; kFailed where it is not known
  // which namespace is the host's, and so none is found.
  std::optional<Error> find(const HostRoot& root,
                            std::chrono::steady_clock::time_point now);

  [[nodiscard]] const std::map<Id, Found>& found() const { return found_; }

 private:
  using Processes = std::vector<std::pair<int, Id>>;

  std::optional<Error> list_processes(
      const HostRoot& root, std::chrono::steady_clock::time_point now);
  void name(const HostRoot& root, Id id, Found& found) const;

  Processes processes_;  // by pid; 0: it is not known
  std::chrono::steady_clock::time_point forgotten_at_;
  std::map<Id, Found> found_;
};

// Opens the namespace for setns(2), by whichever of its doors is still open.
// Errors: kAbsent where it is gone; kDenied; kFailed.
Result<UniqueFd> open_namespace(const HostRoot& root, Id id,
                                const Found& found);

}  // namespace ssh_keepalive::netns

#endif  // SSH_KEEPALIVE_COLLECTORS_NETNS_FINDER_H_
