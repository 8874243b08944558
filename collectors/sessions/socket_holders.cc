#include "collectors/sessions/socket_holders.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "collectors/base/directory.h"
#include "collectors/base/number.h"
#include "collectors/processes/descriptors.h"
#include "collectors/sessions/program.h"

namespace ssh_keepalive::sessions {

struct SocketHolders::Search {
  const HostRoot& root;
  const Inodes& watched;
  Inodes wanted;
  const HolderSink& found;
  std::size_t descriptors_left = kDescriptors;

  [[nodiscard]] bool is_over() const {
    return wanted.empty() || descriptors_left == 0;
  }

  void look_into(int pid) {
    const auto visit = [&](int descriptor, std::uint64_t inode) {
      if (watched.contains(inode)) {
        found(inode, pid, descriptor);
        wanted.erase(inode);
      }
    };
    descriptors_left -= processes::visit_sockets(
        root, pid, std::min(descriptors_left, kDescriptorsOfOne), visit);
  }
};

void SocketHolders::search(const HostRoot& root, const Inodes& watched,
                           Inodes wanted, std::span<const int> likely,
                           std::chrono::steady_clock::time_point now,
                           const HolderSink& found) {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    all.reserve(std::size(kPrograms));
    for (const Program& program : kPrograms) {
      all.push_back(program.name);
    }
    return all;
  }();
  if (!table_.refresh(root, names, now).ok()) {
    return;  // nothing is to be seen
  }
  Search search{.root = root,
                .watched = watched,
                .wanted = std::move(wanted),
                .found = found};
  const std::vector<int>& fresh = table_.fresh();
  for (const int pid : fresh) {
    search.look_into(pid);
  }
  for (const int pid : likely) {
    if (!search.is_over() && !std::ranges::binary_search(fresh, pid)) {
      search.look_into(pid);
    }
  }
  for (const auto& [pid, process] : table_.named()) {
    if (search.is_over()) {
      break;
    }
    if (!std::ranges::binary_search(fresh, pid) &&
        !std::ranges::binary_search(likely, pid)) {
      search.look_into(pid);
    }
  }
  if (!search.is_over()) {
    search_others(search);
  }
}

void SocketHolders::search_others(Search& search) {
  std::vector<int> pids;
  static_cast<void>(
      visit_directory(search.root, "/proc", [&](std::string_view entry) {
        const int pid = parse_integer<int>(entry).value_or(0);
        if (pid > last_other_pid_ && !table_.named().contains(pid)) {
          pids.push_back(pid);
        }
        return pids.size() < kOtherProcesses;
      }));
  last_other_pid_ = 0;
  search.descriptors_left = kOtherDescriptors;
  for (const int pid : pids) {
    if (search.is_over()) {
      break;
    }
    search.look_into(pid);
    last_other_pid_ = pid;
  }
  if (pids.size() < kOtherProcesses && search.descriptors_left > 0) {
    last_other_pid_ = 0;
  }
}

}  // namespace ssh_keepalive::sessions
