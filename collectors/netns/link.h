// How the kernel names network namespaces: namespaces(7).
#ifndef SSH_KEEPALIVE_COLLECTORS_NETNS_LINK_H_
#define SSH_KEEPALIVE_COLLECTORS_NETNS_LINK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/base/unique_fd.h"

namespace ssh_keepalive::netns {

// The inode of a namespace: all are in one file system. While the namespace
// lives no other one has it; afterwards the kernel may use it again.
using Id = std::uint64_t;

// "net:[4026532281]". Nothing where it is anything else.
std::optional<Id> parse_link(std::string_view text);

// The namespace of a process, also of one in a recorded tree; nothing without
// the right to look (ptrace(2)), or where there is no such process.
std::optional<Id> namespace_of(const HostRoot& root, int pid);

// The namespace that counts as the host's: the calling thread's, or in a
// recorded tree that of process 1.
std::optional<Id> own_namespace(const HostRoot& root);

// The namespace that is mounted at `path`, or, in a recorded tree, that a link
// there names; nothing where anything else is.
std::optional<Id> mounted_namespace(const HostRoot& root,
                                    std::string_view path);

// For setns(2), through a process in it. Errors: kAbsent where the process is
// gone or is in another one by now; kDenied; kFailed.
Result<UniqueFd> open_namespace_of(const HostRoot& root, int pid, Id id);

// The same through a path where it is mounted.
Result<UniqueFd> open_mounted_namespace(const HostRoot& root,
                                        const std::string& path, Id id);

}  // namespace ssh_keepalive::netns

#endif  // SSH_KEEPALIVE_COLLECTORS_NETNS_LINK_H_
