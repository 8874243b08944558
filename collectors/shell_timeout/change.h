// What a command does to the time after which its shell logs an idle user out.
#ifndef SSH_KEEPALIVE_COLLECTORS_SHELL_TIMEOUT_CHANGE_H_
#define SSH_KEEPALIVE_COLLECTORS_SHELL_TIMEOUT_CHANGE_H_

#include <chrono>
#include <optional>

#include "collectors/shell_timeout/commands.h"

namespace ssh_keepalive::shell_timeout {

struct Change {
  // 0: no limit. Nothing: it cannot be known without running the shell.
  std::optional<std::chrono::seconds> value;
  bool assigns = true;    // false: it only protects the value there is
  bool protects = false;  // readonly: no later command changes it

  bool operator==(const Change&) const = default;
};

// Of TMOUT, in seconds: "TMOUT=900", "export", "readonly", "declare" and
// "typeset" with their options, "unset". Nothing: the command leaves it alone.
// A value from -2^31 to 2^31 - 1 in plain digits is known, and what is below 0
// is no limit.
std::optional<Change> tmout_change(const Command& command);

// Of tcsh's autologout, in minutes: "set autologout = 15", "set -r
// autologout=(15 5)", "unset autologout".
std::optional<Change> autologout_change(const Command& command);

}  // namespace ssh_keepalive::shell_timeout

#endif  // SSH_KEEPALIVE_COLLECTORS_SHELL_TIMEOUT_CHANGE_H_
