// What ssh would do for one host: ssh_config(5) evaluated as OpenSSH's ssh.c
// and readconf.c do, with the line that decided. Nothing is executed and no
// name is resolved: what depends on that is undecided, with its outcomes.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_EVALUATE_H_
#define SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_EVALUATE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/result.h"
#include "collectors/ssh_config/files.h"
#include "collectors/ssh_config/keywords.h"

namespace ssh_keepalive::ssh_config {

struct ParsedFile;

struct Location {
  std::string file;
  std::size_t line = 0;

  bool operator==(const Location&) const = default;
};

// "FILE:LINE", or "FILE" where the line is 0.
std::string place_of(const Location& location);

// Where a file stands in ssh's order, which decides how it is treated.
enum class FileRole {
  kNamed,   // `ssh -F`: must exist, and skips the two others
  kUser,    // ~/.ssh/config: owner and permissions are checked
  kSystem,  // /etc/ssh/ssh_config
};

struct ConfigFile {
  std::string path;
  FileRole role = FileRole::kSystem;
};

// A connection that somebody wants.
struct Request {
  std::string host;                       // as on the command line
  std::optional<std::string> user;        // -l, or user@host
  std::optional<std::uint16_t> port;      // ssh://host:port
  std::optional<std::string> local_user;  // who runs ssh; absent: unknown
  std::uint32_t uid = 0;                  // whose files ssh trusts
  std::string home;                       // for `~` and relative Includes
  std::vector<ConfigFile> files;          // in ssh's order
  // What the command line sets before any file: option_lines(). Their locations
  // are kCommandLine, line 0. Without them the session is a plain shell.
  std::shared_ptr<const ParsedFile> options;
  std::string command;  // the words of the remote command; empty: a shell
};

// The value of one keyword.
struct Outcome {
  Keyword keyword = Keyword::kOther;
  std::string_view name;
  std::string value;               // as ssh -G prints it
  std::vector<std::string> items;  // of ChannelTimeout: TYPE=TIME
  std::int64_t number = 0;         // seconds, a count, or 1 for yes
  bool numeric = false;            // whether that number is all it says
  std::string_view unit;           // "seconds", "" where it has none
  bool printed = true;             // whether ssh -G prints the keyword at all
  bool decided = true;             // else see Evaluation::undecided
  bool is_default = true;          // no line sets it
  std::optional<Location> source;  // the line that decided
  std::string note;
};

// One value of a keyword that depends on something unknown at `source`.
struct Undecided {
  std::string_view keyword;
  std::string if_true;   // the value if the condition at `source` holds
  std::string if_false;  // the value if no such condition holds
  Location source;
  std::string_view reason;
};

// A line that applies to this host, but comes too late.
struct Shadowed {
  Location at;
  std::string keyword;
  Location by;
};

// Why ssh refuses the configuration. Free of the file's content.
struct Refusal {
  Location at;
  std::string reason;
  // A keyword of sshd_config(5) that acts on keepalive is the reason.
  bool is_of_sshd = false;
};

// What a session is: see openssh::has_client_channel_types().
enum class SessionKind : std::uint8_t {
  kShell,
  kCommand,
  kSubsystem,
  kNone,  // forwardings only
};

// The file that was changed last, of those that were read.
struct NewestFile {
  std::string path;
  std::int64_t changed_ns = 0;  // ctime, since the epoch
};

struct Evaluation {
  std::vector<Outcome> outcomes;  // in the order of ssh -G
  std::vector<Undecided> undecided;
  std::vector<Shadowed> shadowed;
  std::vector<Refusal> refusals;  // then nothing else here counts
  std::vector<std::string> notes;
  std::optional<SessionKind> session;  // absent: undecided
  std::optional<NewestFile> newest;    // absent: none was read

  [[nodiscard]] const Outcome* find(Keyword keyword) const;

  // The number of a decided keyword: seconds, a count, or 1 for yes.
  [[nodiscard]] std::optional<std::int64_t> number(Keyword keyword) const;
};

// Errors, where nothing can be said: kAbsent (a named file does not exist),
// kDenied (a named or included file), kInvalid (no regular file), kLimit (too
// many files, or too large). ssh itself passes over a user's or system's file
// that it may not open; so does this, with a note.
Result<Evaluation> evaluate(const Request& request, Files& files);

}  // namespace ssh_keepalive::ssh_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_EVALUATE_H_
