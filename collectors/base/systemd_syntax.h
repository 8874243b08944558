// The syntax of systemd's configuration files and units, systemd.syntax(7), as
// conf-parser.c of systemd 252 reads it.
#ifndef SSH_KEEPALIVE_COLLECTORS_BASE_SYSTEMD_SYNTAX_H_
#define SSH_KEEPALIVE_COLLECTORS_BASE_SYSTEMD_SYNTAX_H_

#include <functional>
#include <optional>
#include <string_view>

namespace ssh_keepalive::systemd {

struct Assignment {
  std::string_view key;
  std::string_view value;  // without white space around it; may be empty
  int line = 0;            // from 1 on: where it starts
};

// Calls `visit` with each assignment in the sections of that name, in order; a
// line that a backslash continues is one with the next, and comments in between
// are left out. Lines that are no assignment are ignored, as systemd does.
//
// Returns the line at which systemd stops reading, this file and all that would
// come after it: a section's header without its end, or text that is no UTF-8.
std::optional<int> visit_assignments(
    std::string_view text, std::string_view section,
    const std::function<void(const Assignment&)>& visit);

}  // namespace ssh_keepalive::systemd

#endif  // SSH_KEEPALIVE_COLLECTORS_BASE_SYSTEMD_SYNTAX_H_
