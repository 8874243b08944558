#include "collectors/processes/process_table.h"

#include <algorithm>
#include <string>

#include "collectors/base/directory.h"
#include "collectors/base/file.h"
#include "collectors/base/number.h"

namespace ssh_keepalive::processes {
namespace {

// More than pid_max of any kernel's default on a large host.
constexpr std::size_t kMaxProcesses = std::size_t{1} << 20;

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
  const Result<std::vector<std::string>> entries =
      list_directory(root, "/proc", kMaxProcesses);
  if (!entries.ok()) {
    return entries.error();
  }
  if (now - forgotten_at_ >= kForget) {
    others_.clear();
    forgotten_at_ = now;
  }
  const std::uint64_t uptime = ticks_since_boot(root);
  std::vector<Process> found;
  std::unordered_set<int> others;
  others.reserve(others_.size());
  for (const std::string& entry : *entries) {
    const auto pid = parse_integer<int>(entry);
    if (!pid) {
      continue;
    }
    if (others_.contains(*pid)) {
      others.insert(*pid);
      continue;
    }
    Result<Process> process = read_process(root, *pid);
    if (!process.ok()) {
      continue;
    }
    if (std::ranges::find(names, process->name) != names.end()) {
      found.push_back(*std::move(process));
    } else if (process->start_ticks + kYoungTicks < uptime) {
      others.insert(*pid);
    }
  }
  others_ = std::move(others);
  std::ranges::sort(found, {}, &Process::pid);
  return found;
}

}  // namespace ssh_keepalive::processes
