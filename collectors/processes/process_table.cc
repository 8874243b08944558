#include "collectors/processes/process_table.h"

#include <algorithm>
#include <string>

#include "collectors/base/directory.h"
#include "collectors/base/file.h"
#include "collectors/base/number.h"

namespace ssh_keepalive::processes {
namespace {

// PID_MAX_LIMIT of linux/threads.h.
constexpr int kMaxPid = 1 << 22;

// Between fork and exec a process still has its parent's name.
constexpr std::uint64_t kYoungTicks = 1000;

std::uint64_t ticks_since_boot(const HostRoot& root) {
  const Result<File> file = read_file(root, "/proc/uptime", 4096);
  const std::string_view text = file.ok() ? file->bytes : std::string_view();
  constexpr std::uint64_t kTicksPerSecond = 100;
  return parse_integer<std::uint64_t>(text.substr(0, text.find('.')))
             .value_or(0) *
         kTicksPerSecond;
}

bool is_same(const Process& a, const Process& b) {
  return a.start_ticks == b.start_ticks && a.name == b.name;
}

}  // namespace

Result<std::vector<Process>> ProcessTable::find(
    const HostRoot& root, const std::vector<std::string_view>& names,
    std::chrono::steady_clock::time_point now) {
  // Pid 1 is always there: without it others are hidden, or this is no host.
  constexpr int kInit = 1;
  const Result<Process> init = read_process(root, kInit);
  if (!init.ok()) {
    return init.error();
  }
  named_.clear();
  const Result<void> refreshed = refresh(root, names, now);
  if (!refreshed.ok()) {
    return refreshed.error();
  }
  std::vector<Process> found;
  found.reserve(named_.size());
  for (const auto& [pid, process] : named_) {
    found.push_back(process);
  }
  return found;
}

Result<void> ProcessTable::refresh(const HostRoot& root,
                                   const std::vector<std::string_view>& names,
                                   std::chrono::steady_clock::time_point now) {
  const bool forgets = now - forgotten_at_ >= kForget;
  if (forgets) {
    others_.clear();
    forgotten_at_ = now;
  }
  const std::uint64_t uptime = ticks_since_boot(root);
  std::map<int, Process> named;
  std::vector<bool> others(others_.size());
  fresh_.clear();
  const auto visit = [&](std::string_view entry) {
    const int pid = parse_integer<int>(entry).value_or(0);
    if (pid <= 0 || pid > kMaxPid) {
      return true;
    }
    const auto index = static_cast<std::size_t>(pid);
    if (index < others_.size() && others_[index]) {
      others[index] = true;
      return true;
    }
    auto known = named_.extract(pid);
    if (known && !forgets) {
      named.insert(std::move(known));
      return true;
    }
    Result<Process> process = read_process(root, pid);
    if (!process.ok()) {
      return true;
    }
    if (std::ranges::find(names, process->name) != names.end()) {
      if (named.size() < kMaxNamed) {
        if (!known || !is_same(known.mapped(), *process)) {
          fresh_.push_back(pid);
        }
        named.emplace(pid, *std::move(process));
      }
    } else if (process->start_ticks + kYoungTicks < uptime) {
      others.resize(std::max(others.size(), index + 1));
      others[index] = true;
    }
    return true;
  };
  Result<void> visited = visit_directory(root, "/proc", visit);
  others_ = std::move(others);
  named_ = std::move(named);
  std::ranges::sort(fresh_);
  return visited;
}

}  // namespace ssh_keepalive::processes
