// Which processes there are, asked again and again at little cost.
#ifndef SSH_KEEPALIVE_COLLECTORS_PROCESSES_PROCESS_TABLE_H_
#define SSH_KEEPALIVE_COLLECTORS_PROCESSES_PROCESS_TABLE_H_

#include <chrono>
#include <map>
#include <string_view>
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
  // More are not kept: they are none of the named ones, until others end.
  static constexpr std::size_t kMaxNamed = 200'000;

  // Those with one of these names, by pid; each is read anew. `now` is of a
  // steady clock. Errors: kDenied where processes of others are hidden
  // (hidepid=), kAbsent where this root tells of no process at all.
  Result<std::vector<Process>> find(const HostRoot& root,
                                    const std::vector<std::string_view>& names,
                                    std::chrono::steady_clock::time_point now);

  // Lists the processes, but reads only those that it does not know. What it
  // knows may be old by kForget: a pid that is used again by a process with one
  // of the names. The names are the same at each call. Errors: those of listing
  // /proc; processes that are hidden are none.
  Result<void> refresh(const HostRoot& root,
                       const std::vector<std::string_view>& names,
                       std::chrono::steady_clock::time_point now);

  // Those with one of the names at the last refresh, by pid.
  [[nodiscard]] const std::map<int, Process>& named() const { return named_; }

  // Those of them that the last refresh had to read; ascending.
  [[nodiscard]] const std::vector<int>& fresh() const { return fresh_; }

  // Has the process read anew, and called fresh, at the next refresh.
  void forget(int pid) { named_.erase(pid); }

 private:
  std::map<int, Process> named_;
  std::vector<int> fresh_;
  // By pid, whether it is none of the named ones, and not young: 512 KiB where
  // pids go up to the kernel's limit.
  std::vector<bool> others_;
  std::chrono::steady_clock::time_point forgotten_at_;
};

}  // namespace ssh_keepalive::processes

#endif  // SSH_KEEPALIVE_COLLECTORS_PROCESSES_PROCESS_TABLE_H_
