#ifndef SSH_KEEPALIVE_EXPORTER_CLI_SESSIONS_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_SESSIONS_H_

#include <iosfwd>

#include "collectors/sessions/sessions.h"
#include "exporter/cli/output_format.h"

namespace ssh_keepalive {

struct SessionsOptions {
  OutputFormat format = OutputFormat::kText;  // kText or kJson
  bool colour = false;                        // of kText only
};

// Whether what goes to that file descriptor may have colours: a terminal that
// can show them, and a user who has not set NO_COLOR (no-color.org).
bool wants_colour(int fd);

// `sessions`: a table for people, or the reference pages' JSON. Both are
// ordered by risk: first those whose peer does not answer, then those that
// nothing refreshes, and among equals the longest silent one.
void print_sessions(const SessionsOptions& options,
                    const sessions::Facts& facts, std::ostream& out);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_SESSIONS_H_
