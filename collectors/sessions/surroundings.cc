#include <algorithm>

#include "collectors/base/accounts.h"
#include "collectors/sessions/program.h"
#include "collectors/sessions/sshd_title.h"
#include "collectors/sessions/verdict.h"

namespace ssh_keepalive::sessions {
namespace {

using processes::Process;

// `uid` is one of the root's own. Empty: unknown.
std::string name_in(const HostRoot& root, std::uint32_t uid,
                    const std::string& title_user) {
  if (!title_user.empty()) {
    const auto named = account_named(root, title_user);
    if (named && named->uid == uid) {
      return title_user;
    }
  }
  const auto account = account_of(root, uid);
  if (!account) {
    return title_user;  // of a directory service
  }
  return is_presentable(account->name) ? account->name : std::string();
}

}  // namespace

Surroundings::Surroundings(const HostRoot& root,
                           const std::map<int, Process>& programs)
    : root_(root) {
  for (const auto& [pid, process] : programs) {
    if (program_named(process.name).family == Family::kSshd) {
      sshds_by_parent_.emplace(process.parent_pid, &process);
    }
  }
}

std::vector<Process> Surroundings::sshd_children(int pid) const {
  std::vector<Process> children;
  const auto [begin, end] = sshds_by_parent_.equal_range(pid);
  std::for_each(begin, end, [&children](const auto& child) {
    children.push_back(*child.second);
  });
  return children;
}

int Surroundings::listener_above(const Process& process) {
  // The listener, the monitor, the user's process.
  constexpr int kGenerations = 3;
  const Family family = program_named(process.name).family;
  int pid = process.parent_pid;
  for (int i = 0; i < kGenerations && pid > 0; ++i) {
    const auto known = is_listener_.find(pid);
    if (known != is_listener_.end() && known->second) {
      return pid;
    }
    const Result<Process> parent = processes::read_process(root_, pid);
    if (!parent.ok() || program_named(parent->name).family != family) {
      return 0;
    }
    if (known == is_listener_.end()) {
      // dropbear writes no title: each connection's process is its child.
      const bool listens =
          family == Family::kDropbear ||
          parse_sshd_title(processes::title_of(root_, pid)).part ==
              SshdPart::kListener;
      is_listener_[pid] = listens;
      if (listens) {
        return pid;
      }
    }
    pid = parent->parent_pid;
  }
  return 0;
}

std::string Surroundings::user_of(int pid, std::optional<std::uint32_t> uid,
                                  const std::string& title_user) {
  if (!uid) {
    return title_user;
  }
  const HostRoot its = processes::root_of(root_, pid);
  if (its.path() != root_.path()) {
    const auto inside = processes::uid_inside(root_, pid, *uid);
    return inside ? name_in(its, *inside, title_user) : title_user;
  }
  const auto [user, is_new] = users_.try_emplace({*uid, title_user});
  if (is_new) {
    user->second = name_in(root_, *uid, title_user);
  }
  return user->second;
}

}  // namespace ssh_keepalive::sessions
