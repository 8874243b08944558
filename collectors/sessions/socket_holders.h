// Finds the processes behind sockets, looking at as few of them as it can.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_SOCKET_HOLDERS_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_SOCKET_HOLDERS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <unordered_set>

#include "collectors/base/host_root.h"
#include "collectors/processes/process_table.h"

namespace ssh_keepalive::sessions {

using Inodes = std::unordered_set<std::uint64_t>;

// Told that the process has the socket behind that descriptor.
using HolderSink =
    std::function<void(std::uint64_t inode, int pid, int descriptor)>;

class SocketHolders {
 public:
  // What one search costs at most, about 3 us a descriptor.
  static constexpr std::size_t kDescriptors = 500'000;
  static constexpr std::size_t kDescriptorsOfOne = 16'384;
  // Of programs that do not speak SSH by their name. Those that are left out
  // come next time.
  static constexpr std::size_t kOtherProcesses = 5000;
  static constexpr std::size_t kOtherDescriptors = 100'000;

  // Looks into the SSH programs that are new since the last search and tells
  // all they hold of `watched`. As long as one of `wanted` (which are watched
  // too) was not among it: into `likely` processes (ascending), the other SSH
  // programs, and all others. `now` is of a steady clock.
  void search(const HostRoot& root, const Inodes& watched, Inodes wanted,
              std::span<const int> likely,
              std::chrono::steady_clock::time_point now,
              const HolderSink& found);

  // Has the process looked into anew: it may be another one by now.
  void forget(int pid) { table_.forget(pid); }

  // The SSH programs of the last search, by pid.
  [[nodiscard]] const std::map<int, processes::Process>& programs() const {
    return table_.named();
  }

 private:
  struct Search;
  void search_others(Search& search);

  processes::ProcessTable table_;
  int last_other_pid_ = 0;  // where a search that was cut short goes on
};

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_SOCKET_HOLDERS_H_
