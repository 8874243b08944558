#ifndef SSH_KEEPALIVE_EXPORTER_CLI_SESSIONS_COMMAND_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_SESSIONS_COMMAND_H_

#include <chrono>
#include <iosfwd>
#include <optional>
#include <vector>

#include "collectors/base/result.h"
#include "collectors/registry.h"
#include "exporter/cli/output_format.h"
#include "exporter/settings.h"

namespace ssh_keepalive {

struct SessionsCommand {
  OutputFormat format = OutputFormat::kText;  // kText or kJson
  // --watch; nothing: one look.
  std::optional<std::chrono::milliseconds> watch_interval;
  Settings settings;  // of which the policy is made
};

// `sessions [--watch]`: looks as the collector of that name does, and writes
// to the file descriptor `out`: once, or in place on a terminal, or one table
// (or one line of JSON) after the other. While it watches, what a look could
// not find out goes to `err` when it changes, or onto the screen. Returns what
// the last look could not, or that `out` cannot be written.
std::vector<Error> run_sessions(const SessionsCommand& command,
                                const CollectorInput& input, int out,
                                std::ostream& err);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_SESSIONS_COMMAND_H_
