// What `explain` says, whatever it explains: docs/json.md.
#ifndef SSH_KEEPALIVE_EXPORTER_CLI_EXPLANATION_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_EXPLANATION_H_

#include <iosfwd>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "exporter/cli/output_format.h"

namespace ssh_keepalive {

struct ExplainedSource {
  std::string file;
  int line = 0;
};

struct ExplainedKeyword {
  std::string keyword;                         // lower case
  std::variant<std::string, long long> value;  // numbers stay numbers in JSON
  std::string unit;                            // "seconds", or empty
  std::optional<ExplainedSource> source;       // nothing: the default
  std::string note;
  std::string openssh_line;  // as OpenSSH prints it; empty: it would not
};

struct ExplainedShadow {
  std::string keyword;
  ExplainedSource line;
  ExplainedSource by;
};

// A keyword whose value depends on what this program does not decide.
struct ExplainedUndecided {
  std::string keyword;
  std::string if_true;
  std::string if_false;
  std::optional<ExplainedSource> source;
};

// The daemon that runs with what is explained.
struct ExplainedDaemon {
  std::string name;
  int pid = 0;
  std::optional<bool> stale;                // nothing: unknown
  std::optional<double> loaded_at_seconds;  // since the epoch
  std::string reload_command;               // where it is stale
};

struct Explanation {
  std::string title;            // for people
  std::string openssh_version;  // with a word on where it is from
  // Whether the reading was compared with that release's own programs.
  bool confirmed = false;
  std::vector<ExplainedKeyword> keywords;
  std::vector<ExplainedShadow> shadowed;
  std::vector<ExplainedUndecided> undecided;
  std::vector<std::string> notes;
  std::optional<ExplainedDaemon> daemon;
};

// Invalid UTF-8 of file names becomes U+FFFD.
void print_explanation(const Explanation& explanation, OutputFormat format,
                       std::ostream& out);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_EXPLANATION_H_
