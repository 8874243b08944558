// The command line: docs/commands.md.
#ifndef SSH_KEEPALIVE_EXPORTER_COMMAND_LINE_H_
#define SSH_KEEPALIVE_EXPORTER_COMMAND_LINE_H_

#include <array>
#include <chrono>
#include <iosfwd>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "collectors/base/result.h"
#include "collectors/registry.h"
#include "exporter/cli/output_format.h"
#include "exporter/exit_code.h"
#include "exporter/settings.h"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's
class App;
}

namespace ssh_keepalive {

enum class Command {
  kServe,
  kMetrics,
  kSessions,
  kWhy,
  kCheck,
  kExplainSshd,
  kExplainSsh,
  kExplainTcp,
};

// What was said, and only that: absent means not given.
struct CommandLine {
  Command command = Command::kServe;

  std::string root = "/";
  std::optional<std::string> configuration_file;
  bool check_configuration_only = false;

  // Over the configuration file.
  std::optional<LogLevel> log_level;
  std::optional<LogFormat> log_format;
  std::vector<std::string> listen_addresses;
  std::optional<std::string> telemetry_path;
  std::optional<int> max_requests;
  bool disable_exporter_metrics = false;
  bool enable_lifecycle = false;
  bool disable_default_collectors = false;
  std::array<std::optional<bool>, kCollectors.size()> collectors;

  // Of the commands that print.
  OutputFormat format = OutputFormat::kText;
  std::optional<std::chrono::milliseconds> watch_interval;  // --watch
  std::string why_of;                                       // why USER|PEER
  int why_last = 20;                                        // --last
  std::string what_if;                                      // --what-if
  std::string explain_file;                                 // --file
  std::string explain_host;                                 // explain ssh HOST
  std::string explain_user;                                 // --user
  std::string explain_as_user;  // empty: who runs this program
  std::string connection;       // -C
  std::string openssh_version;  // --openssh-version
};

// Parses; prints help, the version or one line about a mistake itself: then
// the exit code is the answer. Never throws.
std::variant<CommandLine, ExitCode> parse_command_line(int argc,
                                                       const char* const* argv,
                                                       std::ostream& out,
                                                       std::ostream& err);

// All commands and flags, which fill in `line` once `app` has parsed them: for
// the parser above, the manual pages and the shells' completions.
void declare_command_line(CLI::App& app, CommandLine& line);

// Whether the command is `check`, also where the rest is a mistake: the first
// word that is a command's name.
bool names_check(int argc, const char* const* argv);

// Defaults, then the configuration file, then the flags. Errors: those of
// apply_configuration_file.
Result<Settings> make_settings(const CommandLine& command_line);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_COMMAND_LINE_H_
