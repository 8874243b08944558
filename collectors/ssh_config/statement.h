// One file of ssh_config(5), read but not yet evaluated: what it says does not
// depend on a host, which of it acts does.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_STATEMENT_H_
#define SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_STATEMENT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/ssh_config/destination.h"
#include "collectors/ssh_config/keywords.h"

namespace ssh_keepalive::ssh_config {

// The value of a keyword.
struct Value {
  std::string text;  // as `ssh -G` prints it
  // Seconds, a count, a port, or 1 for yes and 0 for no.
  std::int64_t number = 0;
  std::vector<std::string> items;  // of ChannelTimeout and CanonicalDomains
  // The hop of a ProxyJump that ssh itself connects to; absent for "none".
  std::optional<Destination> jump;
  // Whether ssh would take the names of all hops on its command line too.
  bool plain_hops = true;
};

// Whether a ProxyJump or ProxyCommand switches proxies off. A hop may well be
// called "none" ("ProxyJump none:22", up to 10.2 "ProxyJump none # comment").
bool is_no_proxy(const Value& value);

// One condition of a Match line.
struct Criterion {
  enum class Kind : std::uint8_t {
    kAll,
    kCanonical,
    kFinal,
    kHost,
    kOriginalHost,
    kUser,
    kLocalUser,
    kExec,
    kLocalNetwork,  // 9.4
    kTagged,        // 9.4
    kVersion,       // 10.0
    kCommand,       // 10.0
    kSessionType,   // 10.0
  };
  Kind kind = Kind::kAll;
  bool negated = false;
  std::string argument;
};

struct Statement {
  std::size_t line = 0;
  bool indented = false;
  // The line of the Host or Match above, where this line is written as if it
  // were not part of it: that block's lines are indented, and this one is not.
  // 0 for other lines.
  std::size_t strays_below = 0;
  std::string name;  // as written, in lower case; never to be printed
  const KeywordRow* row = nullptr;     // null: no keyword of this ssh
  std::vector<std::string> arguments;  // of Host (patterns) and Include (paths)
  std::vector<Criterion> criteria;     // of Match
  // Absent: the statement sets nothing ("ServerAliveInterval none").
  std::optional<Value> value;
  // Why ssh refuses the line whether or not its block matches.
  std::optional<std::string> refusal;
};

// Only statements that may matter: those with a meaning to this program, and
// those that ssh refuses.
struct ParsedFile {
  std::vector<Statement> statements;
};

// Parses a file as that version of ssh does. Never fails: what ssh would
// refuse is in the statements. Nothing of the content is in the refusals.
// `max_statements`: where parsing stops.
ParsedFile parse(std::string_view content, const openssh::Version& version,
                 const openssh::Services& services, std::size_t max_statements);

// A line that stands alone: the argument of ssh's -o. Nothing where it says
// nothing, or nothing that may matter.
std::optional<Statement> parse_option(std::string_view line,
                                      const openssh::Version& version,
                                      const openssh::Services& services);

// For parse(). Decodes the arguments of a keyword that has a value.
void decode_value(Statement& statement, std::string_view rest,
                  const openssh::Version& version,
                  const openssh::Services& services);

// For decode_value().
void decode_proxy_jump(Statement& statement, std::string_view rest,
                       const openssh::Version& version,
                       const openssh::Services& services);
// Likewise, for what follows -J.
void decode_hops(Statement& statement, std::string_view given,
                 const openssh::Version& version,
                 const openssh::Services& services);
void decode_proxy_command(Statement& statement, std::string_view rest);
// Keeps only whether there is one: 1, or 0 for "none".
void decode_remote_command(Statement& statement, std::string_view rest);

// For parse(). The criteria of a Match line; `rest` is what follows Match.
void parse_criteria(Statement& statement, std::string_view rest,
                    const openssh::Version& version);

}  // namespace ssh_keepalive::ssh_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_STATEMENT_H_
