// Which processes there are, asked again and again at little cost.
#ifndef SSH_KEEPALIVE_COLLECTORS_PROCESSES_PROCESS_TABLE_H_
#define SSH_KEEPALIVE_COLLECTORS_PROCESSES_PROCESS_TABLE_H_

#include <chrono>
#include <functional>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/processes/process.h"

namespace ssh_keepalive::processes {

// Finds processes of certain names. A process that was another one at the last
// look is not read again until kForget: only a pid that is used again, or a
// long-lived process that executes another program, is found that late.
class ProcessTable {
 public:
  static constexpr std::chrono::seconds kForget{60};

  // Those with one of these names, by pid. `now` is of a steady clock. Errors:
  // kDenied where processes of others are hidden (hidepid=), kAbsent where this
  // root tells of no process at all.
  Result<std::vector<Process>> find(const HostRoot& root,
                                    const std::vector<std::string_view>& names,
                                    std::chrono::steady_clock::time_point now);

 private:
  std::unordered_set<int> others_;  // pids with none of the names
  std::chrono::steady_clock::time_point forgotten_at_;
};

}  // namespace ssh_keepalive::processes

#endif  // SSH_KEEPALIVE_COLLECTORS_PROCESSES_PROCESS_TABLE_H_
