// Which sockets a process holds: /proc/PID/fd, proc_pid_fd(5). Looking into
// another user's process takes CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH.
#ifndef SSH_KEEPALIVE_COLLECTORS_PROCESSES_DESCRIPTORS_H_
#define SSH_KEEPALIVE_COLLECTORS_PROCESSES_DESCRIPTORS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>

#include "collectors/base/host_root.h"

namespace ssh_keepalive::processes {

// Calls `visit` with each descriptor of the process behind which a socket is,
// and with the socket's inode. It looks at `most` descriptors at most, in a
// running kernel the lowest ones; returns at how many it did. 0 without the
// right to look.
std::size_t visit_sockets(const HostRoot& root, int pid, std::size_t most,
                          const std::function<void(int, std::uint64_t)>& visit);

// The inode of the socket behind that descriptor of the process; nothing where
// something else is, or without the right to look.
std::optional<std::uint64_t> socket_behind(const HostRoot& root, int pid,
                                           int descriptor);

// The inodes of sockets behind its descriptors from 3 on; empty without the
// right to look.
std::set<std::uint64_t> socket_inodes(const HostRoot& root, int pid);

}  // namespace ssh_keepalive::processes

#endif  // SSH_KEEPALIVE_COLLECTORS_PROCESSES_DESCRIPTORS_H_
