// What stands for the host on ssh's command line.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_DESTINATION_H_
#define SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_DESTINATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "collectors/openssh_syntax/services.h"

namespace ssh_keepalive::ssh_config {

struct Destination {
  std::optional<std::string> user;
  std::string host;
  std::optional<std::uint16_t> port;

  bool operator==(const Destination&) const = default;
};

// HOST, user@HOST or ssh://[user@]HOST[:port], as main() of OpenSSH's ssh.c
// takes them. Nothing where ssh would refuse the text, or names with
// characters that mean something to a shell, control characters or a comma
// (10.3, and in security updates of older releases).
std::optional<Destination> parse_destination(std::string_view text,
                                             const openssh::Services& services);

// Likewise, without a look at the characters of the names.
std::optional<Destination> split_destination(std::string_view text,
                                             const openssh::Services& services);

// Whether ssh takes the text as a host or a remote user's name on its command
// line.
bool valid_host(std::string_view host);
bool valid_remote_user(std::string_view user);

// "ssh://"'s remainder: [user[;parameters]@]host[:port][/].
std::optional<Destination> parse_ssh_uri(std::string_view text,
                                         const openssh::Services& services);

// [user@]host[:port], an element of ProxyJump that is no URI.
std::optional<Destination> parse_user_host_port(
    std::string_view text, const openssh::Services& services);

// 1 to 65535, or the name of a service.
std::optional<std::uint16_t> parse_remote_port(
    std::string_view text, const openssh::Services& services);

}  // namespace ssh_keepalive::ssh_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_DESTINATION_H_
