// What a running ssh was started with: getopt(3) in main() of OpenSSH's ssh.c.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_CLIENT_COMMAND_H_
#define SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_CLIENT_COMMAND_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/openssh_syntax/services.h"
#include "collectors/openssh_syntax/version.h"
#include "collectors/ssh_config/statement.h"

namespace ssh_keepalive::ssh_config {

// What a value that no file sets is said to come from, with line 0.
inline constexpr std::string_view kCommandLine = "the client's command line";

struct ClientOption {
  char letter = '\0';
  std::string argument;

  bool operator==(const ClientOption&) const = default;
};

struct ClientCommand {
  std::string host;
  // Those that set what a configuration line may set too, in their order: -J,
  // -M, -N, -P, -W, -l, -o, -p and -s. What the destination says of user and
  // port stands among them as -l and -p.
  std::vector<ClientOption> options;
  std::optional<std::string> file;  // the last -F
  std::vector<std::string> words;   // of the remote command, or the subsystem

  bool operator==(const ClientCommand&) const = default;
};

// `arguments`: the program's name and what follows it. Nothing where ssh would
// refuse them, or would answer (-V, -Q) and not connect. What the options say
// is not looked at here: see option_lines().
std::optional<ClientCommand> parse_client_command(
    const std::vector<std::string>& arguments, const openssh::Version& version,
    const openssh::Services& services);

// The options as lines of a configuration that is read before all files. Line
// numbers are the options' places, from 1 on. What ssh refuses is a line with a
// refusal.
ParsedFile option_lines(const ClientCommand& command,
                        const openssh::Version& version,
                        const openssh::Services& services);

// Whether `arguments` are the title that ssh gives itself when it goes on as
// the master of a shared connection (ControlPersist): "ssh: PATH [mux]".
bool is_master_title(const std::vector<std::string>& arguments);

}  // namespace ssh_keepalive::ssh_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_CLIENT_COMMAND_H_
