// The grammar of sysctl.d(5) files, as systemd-sysctl reads them.
#ifndef SSH_KEEPALIVE_COLLECTORS_SYSCTL_SYSCTL_ASSIGNMENTS_H_
#define SSH_KEEPALIVE_COLLECTORS_SYSCTL_SYSCTL_ASSIGNMENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ssh_keepalive::sysctl {

// A line `key = value`, or `-key`, which keeps globs away from that key.
struct Assignment {
  int line = 0;                      // from 1 on, as editors count
  std::string key;                   // a path below /proc/sys, or a glob
  std::optional<std::string> value;  // nothing: an exclusion
};

// All assignments of a file. Lines that systemd-sysctl passes over are left
// out: empty ones, comments, and what is no assignment.
std::vector<Assignment> parse_assignments(std::string_view content);

// A key as written, as a path: of `.` and `/`, the one that comes first
// separates, and the other one belongs to the names.
std::string normalize_key(std::string_view key);

bool is_glob(std::string_view key);

// Whether a glob means that path, by glob(3) with GLOB_BRACE. Nothing where
// it is longer, or has more alternatives in braces, than this program tries.
std::optional<bool> glob_matches(const std::string& glob,
                                 const std::string& path);

// What the kernel reads from a value that is written to an integer setting
// (kernel/sysctl.c): one number, decimal, 0x or 0 octal, and whatever follows
// it behind white space. Nothing where the kernel refuses it.
std::optional<std::int64_t> kernel_number(std::string_view value);

}  // namespace ssh_keepalive::sysctl

#endif  // SSH_KEEPALIVE_COLLECTORS_SYSCTL_SYSCTL_ASSIGNMENTS_H_
