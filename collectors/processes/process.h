// What /proc tells of one process: proc(5). Every look may come too late: a
// process that is gone is an absent value or kAbsent, never a fault.
#ifndef SSH_KEEPALIVE_COLLECTORS_PROCESSES_PROCESS_H_
#define SSH_KEEPALIVE_COLLECTORS_PROCESSES_PROCESS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"

namespace ssh_keepalive::processes {

// A point in time by the host's clock, as files' modification times are.
using Time = std::chrono::sys_time<std::chrono::nanoseconds>;

struct Process {
  int pid = 0;
  int parent_pid = 0;
  // comm: at most 15 bytes, chosen by the process itself. As read_process gives
  // it, a mere number is replaced: see there.
  std::string name;
  // Since boot, in clock ticks of 10 ms. Together with the pid it is unique: a
  // pid that is used again comes with a later start.
  std::uint64_t start_ticks = 0;

  bool operator==(const Process&) const = default;
};

// Parses /proc/PID/stat. Nothing where it is anything else.
std::optional<Process> parse_stat(std::string_view content);

// Before Linux 6.14 a program that was executed by descriptor (fexecve(3), as
// dropbear does for each connection) is called by that descriptor's number:
// then its name is that of its command line's first word.
// Errors: kAbsent where there is no such process; kDenied (a /proc mounted
// with hidepid=); kInvalid.
Result<Process> read_process(const HostRoot& root, int pid);

// The effective uid; nothing where it cannot be read.
std::optional<std::uint32_t> effective_uid(const HostRoot& root, int pid);

// The command line, its arguments joined by spaces; daemons write a title of
// their own there. Empty where it cannot be read.
std::string title_of(const HostRoot& root, int pid);

// The last part of the process's cgroup that is a systemd unit, such as
// "ssh.service". Empty where there is none.
std::string unit_of(const HostRoot& root, int pid);

struct Executable {
  std::uint32_t owner = 0;  // uid
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
};

// What the process runs; nothing without the right to look (ptrace(2)), or in a
// recorded tree, which has no executables.
std::optional<Executable> executable(const HostRoot& root, int pid);

// Whether that is the file at `path` now.
bool is_file(const HostRoot& root, std::string_view path,
             const Executable& executable);

// The pid that the process has in its own pid namespace; its pid here where
// the kernel does not tell.
int namespace_pid(const HostRoot& root, int pid);

// The directory that is `/` to the process, with its mounts; `root` itself
// where the process shares both or where nobody may look.
HostRoot root_of(const HostRoot& root, int pid);

// Its controlling terminal: "pts/3", "tty1". Empty where it has none, or one of
// another kind.
std::string terminal_of(const HostRoot& root, int pid);

// The uid that the process' own user namespace has for `uid`, as in the
// user database of its root; nothing where it has none, or nobody may look.
std::optional<std::uint32_t> uid_inside(const HostRoot& root, int pid,
                                        std::uint32_t uid);

// A process that its first thread has started and that has not ended; nothing
// where there is none, or the kernel does not tell (CONFIG_PROC_CHILDREN).
std::optional<int> any_child(const HostRoot& root, int pid);

// When the kernel started, to about 10 ms, or to the second in a recorded tree;
// nothing where /proc/stat does not tell it.
std::optional<Time> boot_time(const HostRoot& root);

// When a process started, since boot.
std::chrono::milliseconds start_after_boot(const Process& process);

// When a process started: boot_time() and its start_ticks.
Time start_time(Time boot, const Process& process);

}  // namespace ssh_keepalive::processes

#endif  // SSH_KEEPALIVE_COLLECTORS_PROCESSES_PROCESS_H_
