// Match: which connections a block is for.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_CONNECTION_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_CONNECTION_H_

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/sshd_config/document.h"

namespace ssh_keepalive::sshd_config {

// What is known of a connection; criteria about the rest do not match.
struct Connection {
  std::optional<std::string> user;
  std::vector<std::string> groups;  // the user's, by name
  std::optional<std::string> host;
  std::optional<std::string> address;
  std::optional<std::string> local_address;
  std::optional<int> local_port;
  std::optional<std::string> routing_domain;
  bool invalid_user = false;
};

// Parses `sshd -T -C`'s "user=U,host=H,addr=A,laddr=L,lport=P,rdomain=R",
// from 9.9 on also "invalid-user". Error: kInvalid.
Result<Connection> parse_connection(std::string_view spec,
                                    const openssh::Version& version,
                                    const openssh::Services& services);

// The names of a user's groups by <root>/etc/passwd and /etc/group; empty
// where the user is not in them.
std::vector<std::string> groups_of(const HostRoot& root,
                                   const std::string& user);

struct MatchCriterion {
  std::string name;  // lower case
  std::string argument;
};

// The criteria of a Match line that sshd does not refuse; `all` has none.
std::vector<MatchCriterion> criteria_of(const Line& line,
                                        const openssh::Version& version);

// Whether a Match line matches; without a connection only `all` and `version`
// can, and the line is just checked. A string is why sshd refuses the line.
// `line.arguments` must be there.
std::variant<bool, std::string> match_line(const Line& line,
                                           const openssh::Version& version,
                                           const openssh::Services& services,
                                           const Connection* connection);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_CONNECTION_H_
