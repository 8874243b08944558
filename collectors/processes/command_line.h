// How a process was started, and as whom: proc(5).
#ifndef SSH_KEEPALIVE_COLLECTORS_PROCESSES_COMMAND_LINE_H_
#define SSH_KEEPALIVE_COLLECTORS_PROCESSES_COMMAND_LINE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/base/user_rights.h"

namespace ssh_keepalive::processes {

// The program's name and its arguments, unless the process has written a title
// of its own over them. Errors: kAbsent, kDenied, kLimit (more than 64 KiB).
Result<std::vector<std::string>> arguments_of(const HostRoot& root, int pid);

struct Credentials {
  std::uint32_t real_uid = 0;
  UserIdentity files;  // as whom it opens files
};

// Parses /proc/PID/status. Nothing where it does not tell.
std::optional<Credentials> parse_credentials(std::string_view status);

std::optional<Credentials> credentials_of(const HostRoot& root, int pid);

// The path of its working directory, as this process sees it. Nothing without
// the right to look (ptrace(2)), where it is deleted, and in a recorded tree.
std::optional<std::string> working_directory(const HostRoot& root, int pid);

}  // namespace ssh_keepalive::processes

#endif  // SSH_KEEPALIVE_COLLECTORS_PROCESSES_COMMAND_LINE_H_
