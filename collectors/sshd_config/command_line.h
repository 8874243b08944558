// What a running sshd was started with: getopt(3) in sshd.c of OpenSSH.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_COMMAND_LINE_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_COMMAND_LINE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ssh_keepalive::sshd_config {

struct CommandLine {
  std::string file;                // -f; empty: the default file
  std::vector<std::string> lines;  // -o, -g, -4 and -6, as configuration lines
  std::vector<std::string> ports;  // -p: then Port in a file means nothing

  // Whether it names a file that is to be read.
  [[nodiscard]] bool names_files() const;

  // Whether it changes what the default file alone would give.
  [[nodiscard]] bool matters() const {
    return !file.empty() || !lines.empty() || !ports.empty();
  }

  bool operator==(const CommandLine&) const = default;
};

// Reads the title of a listening sshd, "sshd: /usr/sbin/sshd -D [listener] 0 of
// 10-100 startups". Nothing where it is any other title: of a session, say. The
// title has single spaces between arguments, so that one that contains spaces
// itself is taken up to the next word that starts with `-`.
std::optional<CommandLine> parse_listener_title(std::string_view title);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_COMMAND_LINE_H_
