#include "collectors/sessions/verdict.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "collectors/processes/descriptors.h"
#include "collectors/processes/process.h"
#include "collectors/sessions/program.h"
#include "collectors/sessions/sshd_title.h"

namespace ssh_keepalive::sessions {
namespace {

using processes::Process;

// One of the processes that share the socket.
struct Part {
  Process process;
  Program program;
  std::optional<int> descriptor;
  SshdTitle title;  // of a program of sshd

  [[nodiscard]] Holder holder() const {
    return {.pid = process.pid, .descriptor = descriptor.value_or(0)};
  }
};

Part make_part(const HostRoot& root, Process process,
               std::optional<int> descriptor) {
  Part part{.program = program_named(process.name), .descriptor = descriptor};
  if (part.program.family == Family::kSshd) {
    part.title = parse_sshd_title(processes::title_of(root, process.pid));
  }
  part.process = std::move(process);
  return part;
}

// Those that still hold it. The others leave `holders`.
std::vector<Part> parts_of(std::vector<Holder>& holders, std::uint64_t inode,
                           const HostRoot& root) {
  std::vector<Part> parts;
  std::erase_if(holders, [&](const Holder& holder) {
    Result<Process> process = processes::read_process(root, holder.pid);
    const bool holds =
        process.ok() &&
        processes::socket_behind(root, holder.pid, holder.descriptor) == inode;
    if (holds) {
      parts.push_back(make_part(root, *std::move(process), holder.descriptor));
    }
    return !holds;
  });
  return parts;
}

// "12" of session-12.scope, which systemd-logind makes.
std::string login_id_of(std::string_view unit) {
  constexpr std::string_view kStart = "session-";
  constexpr std::string_view kEnd = ".scope";
  if (!unit.starts_with(kStart) || !unit.ends_with(kEnd) ||
      unit.size() <= kStart.size() + kEnd.size()) {
    return "";
  }
  unit.remove_prefix(kStart.size());
  unit.remove_suffix(kEnd.size());
  return std::string(unit);
}

// All that is told in the same way of every program; of the user nothing.
Verdict verdict_on(const Part& speaker, Surroundings& surroundings) {
  const HostRoot& root = surroundings.root();
  Verdict verdict{.start_ticks = speaker.process.start_ticks,
                  .descriptor = speaker.descriptor,
                  .uid = processes::effective_uid(root, speaker.process.pid)};
  Owner& owner = verdict.owner;
  owner.pid = speaker.process.pid;
  owner.process = speaker.program.name;
  owner.implementation = speaker.program.implementation;
  owner.scope = processes::unit_of(root, speaker.process.pid);
  if (!is_presentable(owner.scope)) {
    owner.scope.clear();
  }
  owner.login_id = login_id_of(owner.scope);
  owner.started_after_boot = processes::start_after_boot(speaker.process);
  return verdict;
}

// What the program opened or accepted on its user's behalf.
Verdict forwarded(const Part& part, Surroundings& surroundings) {
  Verdict verdict = verdict_on(part, surroundings);
  verdict.role = Role::kForwarded;
  verdict.owner.user =
      surroundings.user_of(part.process.pid, verdict.uid, part.title.user);
  return verdict;
}

// Whether a user's process of sshd serves this connection, and did not just
// open or accept it for its user, where no monitor holds it. Nothing: unclear.
std::optional<bool> serves_alone(const Part& part, const Place& place,
                                 const HostRoot& root) {
  // A user's connection is the monitor's as well, unless the user is root or
  // the monitor is gone.
  const int parent_pid = part.process.parent_pid;
  const Result<Process> parent = processes::read_process(root, parent_pid);
  if (parent.ok() && program_named(parent->name).family == Family::kSshd &&
      parse_sshd_title(processes::title_of(root, parent_pid)).part ==
          SshdPart::kMonitor &&
      !processes::socket_inodes(root, parent_pid).empty()) {
    return false;
  }
  if (place.by_ports == Role::kServer) {
    return place.is_first(part.holder());
  }
  if (place.by_ports == Role::kClient) {
    return false;
  }
  return std::nullopt;
}

bool is_of_the_server(const Part& part) {
  return part.title.part == SshdPart::kMonitor ||
         part.title.part == SshdPart::kPreauth ||
         part.title.part == SshdPart::kPam;
}

// The part that knows most.
const Part& speaker_of(const std::vector<Part>& parts) {
  const auto rank = [](const Part& part) {
    switch (part.title.part) {
      case SshdPart::kUser:
        return 0;
      case SshdPart::kPreauth:
        return 1;
      case SshdPart::kPam:
        return 2;
      case SshdPart::kMonitor:
        return 3;
      case SshdPart::kListener:
      case SshdPart::kUnknown:
        break;
    }
    return 4;
  };
  return *std::ranges::min_element(parts, {}, rank);
}

Verdict judge_sshd(std::vector<Part> parts, const Place& place,
                   Surroundings& surroundings) {
  const HostRoot& root = surroundings.root();
  if (std::ranges::none_of(parts, is_of_the_server)) {
    // A second one is about to execute a program of the user.
    parts.resize(1);
    const auto serves = serves_alone(parts.front(), place, root);
    if (!serves.value_or(false)) {
      Verdict verdict = forwarded(parts.front(), surroundings);
      verdict.role = serves ? verdict.role : std::nullopt;
      return verdict;
    }
  } else if (parts.size() == 1) {
    // Without CAP_SYS_PTRACE only root's processes can be looked into.
    for (Process& child :
         surroundings.sshd_children(parts.front().process.pid)) {
      parts.push_back(make_part(root, std::move(child), std::nullopt));
    }
  }
  const Part& speaker = speaker_of(parts);
  Verdict verdict = verdict_on(speaker, surroundings);
  verdict.role = Role::kServer;
  verdict.owner.listener_pid = surroundings.listener_above(speaker.process);
  const Part& first = *std::ranges::min_element(
      parts, {}, [](const Part& part) { return part.process.start_ticks; });
  verdict.owner.started_after_boot = processes::start_after_boot(first.process);
  switch (speaker.title.part) {
    case SshdPart::kUser:
      verdict.phase = Phase::kAuthenticated;
      verdict.owner.user = surroundings.user_of(
          speaker.process.pid, verdict.uid, speaker.title.user);
      verdict.owner.tty = speaker.title.tty;
      verdict.owner.had_channel = speaker.title.had_channel;
      break;
    case SshdPart::kPreauth:  // ends when the user is known
      verdict.phase = Phase::kPreauth;
      break;
    case SshdPart::kPam:
    case SshdPart::kMonitor:
      verdict.phase = Phase::kPreauth;
      verdict.change = Change::kByAnother;
      break;
    case SshdPart::kListener:  // a new process without a title of its own yet
      verdict.change = Change::kByAnother;
      break;
    case SshdPart::kUnknown:
      break;
  }
  return verdict;
}

// dropbear writes no title and, up to 2024, serves its user as root: only the
// shell or command that it started tells who that is.
Verdict judge_dropbear(const Part& part, const Place& place,
                       Surroundings& surroundings) {
  const HostRoot& root = surroundings.root();
  if (place.by_ports == Role::kClient ||
      (place.by_ports == Role::kServer && !place.is_first(part.holder()))) {
    return forwarded(part, surroundings);
  }
  constexpr std::uint32_t kRoot = 0;
  Verdict verdict = verdict_on(part, surroundings);
  verdict.owner.listener_pid = surroundings.listener_above(part.process);
  verdict.change = Change::kOfItself;
  const auto child = processes::any_child(root, part.process.pid);
  const Result<Process> shell =
      processes::read_process(root, child.value_or(0));
  // Between fork and exec it is not yet the user's.
  const bool has_shell =
      child && shell.ok() && shell->name != part.process.name;
  if (has_shell || verdict.uid.value_or(kRoot) != kRoot) {
    const int users_pid = has_shell ? *child : part.process.pid;
    verdict.phase = Phase::kAuthenticated;
    verdict.change = Change::kNone;
    verdict.owner.user = surroundings.user_of(
        users_pid, processes::effective_uid(root, users_pid), "");
    verdict.owner.tty = processes::terminal_of(root, users_pid);
  }
  return verdict;
}

Verdict judge_client(const Part& part, const Place& place,
                     Surroundings& surroundings) {
  if (place.by_ports == Role::kServer || !place.is_first(part.holder())) {
    return forwarded(part, surroundings);
  }
  const HostRoot& root = surroundings.root();
  Verdict verdict = verdict_on(part, surroundings);
  verdict.role = Role::kClient;
  verdict.owner.user = surroundings.user_of(part.process.pid, verdict.uid, "");
  verdict.owner.tty = processes::terminal_of(root, part.process.pid);
  if (is_multiplexer_title(processes::title_of(root, part.process.pid))) {
    verdict.phase = Phase::kAuthenticated;
  }
  return verdict;
}

Verdict judge_other(const Part& part, const Place& place,
                    Surroundings& surroundings) {
  Verdict verdict = verdict_on(part, surroundings);
  if (place.by_ports == Role::kClient) {
    verdict.owner.user =
        surroundings.user_of(part.process.pid, verdict.uid, "");
  }
  return verdict;
}

}  // namespace

std::optional<Verdict> judge(std::vector<Holder>& holders, std::uint64_t inode,
                             const Place& place, Surroundings& surroundings) {
  std::vector<Part> parts = parts_of(holders, inode, surroundings.root());
  if (parts.empty()) {
    return std::nullopt;
  }
  std::ranges::sort(parts, {}, [](const Part& part) {
    return std::tuple(part.program.family, part.process.start_ticks,
                      part.process.pid);
  });
  const Family family = parts.front().program.family;
  std::erase_if(parts, [family](const Part& part) {
    return part.program.family != family;
  });
  switch (family) {
    case Family::kSshd:
      return judge_sshd(std::move(parts), place, surroundings);
    case Family::kDropbear:
      return judge_dropbear(parts.front(), place, surroundings);
    case Family::kSsh:
    case Family::kDbclient:
      return judge_client(parts.front(), place, surroundings);
    case Family::kOther:
      break;
  }
  return judge_other(parts.front(), place, surroundings);
}

}  // namespace ssh_keepalive::sessions
