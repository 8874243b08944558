#include "collectors/sshd_config/daemon.h"

#include <algorithm>
#include <utility>

namespace ssh_keepalive::sshd_config {
namespace {

constexpr std::string_view kSshd = "sshd";
constexpr std::string_view kDropbear = "dropbear";
constexpr std::string_view kPackagedSshd = "/usr/sbin/sshd";
constexpr std::uint32_t kRoot = 0;

// dropbear leaves its title as it is: a process with a dropbear for a parent
// serves a connection. So does one that was executed with -2 and a descriptor
// (svr-main.c, from 2022.82 on; it may outlive its listener), or with -i. One
// that has ended, and that its parent has yet to take note of, has no title.
bool is_listener(const processes::Process& process,
                 const std::vector<processes::Process>& all,
                 const std::string& title) {
  const std::string words = title + ' ';
  const auto parent =
      std::ranges::find(all, process.parent_pid, &processes::Process::pid);
  return !title.empty() && words.find(" -2 ") == words.npos &&
         words.find(" -i ") == words.npos &&
         (parent == all.end() || parent->name != process.name);
}

}  // namespace

std::string_view name_of(Implementation implementation) {
  switch (implementation) {
    case Implementation::kOpenSsh:
      return "openssh";
    case Implementation::kDropbear:
      return "dropbear";
  }
  return "other";
}

Result<std::vector<Daemon>> find_daemons(
    const HostRoot& root, const netns::NetworkOf& network_of,
    processes::ProcessTable& table, std::chrono::steady_clock::time_point now) {
  Result<std::vector<processes::Process>> candidates =
      table.find(root, {kSshd, kDropbear}, now);
  if (!candidates.ok()) {
    return std::move(candidates).error();
  }
  const std::optional<processes::Time> boot = processes::boot_time(root);
  std::vector<Daemon> daemons;
  for (const processes::Process& process : *candidates) {
    Daemon daemon{.process = process};
    const std::string title = processes::title_of(root, process.pid);
    if (process.name == kSshd) {
      const auto line = parse_listener_title(title);
      if (!line) {
        continue;
      }
      daemon.command_line = *line;
    } else if (is_listener(process, *candidates, title)) {
      daemon.implementation = Implementation::kDropbear;
    } else {
      continue;
    }
    if (processes::effective_uid(root, process.pid) != kRoot) {
      continue;
    }
    const std::optional<netns::Name> netns = network_of(root, process.pid);
    if (!netns) {
      continue;
    }
    daemon.netns = *netns;
    daemon.namespace_pid = processes::namespace_pid(root, process.pid);
    daemon.host = root;
    daemon.unit = processes::unit_of(root, process.pid);
    if (boot) {
      daemon.started_at = processes::start_time(*boot, process);
    }
    daemon.root = processes::root_of(root, process.pid);
    const auto executable = processes::executable(root, process.pid);
    if (executable) {
      daemon.trusted = executable->owner == kRoot;
    }
    daemon.is_packaged =
        !executable ||
        processes::is_file(daemon.root, kPackagedSshd, *executable);
    daemons.push_back(std::move(daemon));
  }
  return daemons;
}

}  // namespace ssh_keepalive::sshd_config
