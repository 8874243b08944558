// The keywords whose values matter, one directive at a time.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_DIRECTIVES_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_DIRECTIVES_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "collectors/sshd_config/evaluate.h"

namespace ssh_keepalive::sshd_config {

enum class AddressFamily { kAny, kInet, kInet6 };

// What one pass over the files has set so far.
struct Settings {
  std::vector<Value<int>> ports;
  bool ports_are_final = false;                 // given by -p
  std::vector<ListenAddress> listen_addresses;  // port 0: all of `ports`
  std::optional<Value<AddressFamily>> address_family;
  std::optional<Value<bool>> tcp_keepalive;
  std::optional<Value<int>> client_alive_interval_seconds;
  std::optional<Value<int>> client_alive_count_max;
  std::optional<Value<int>> login_grace_seconds;
  std::optional<Value<std::vector<std::string>>> channel_timeouts;
  std::optional<Value<int>> unused_connection_timeout_seconds;
  std::optional<Value<std::string>> pid_file;
  std::vector<Shadowed> shadowed;
  std::set<std::string> subsystems;  // the names defined so far
};

// Checks a line of a known keyword that is neither Include nor Match, and sets
// its value where `active` and where the first value has not been set before.
// Of the document only its version and its host's services count. Returns why
// sshd refuses the line.
std::optional<std::string> apply_directive(const Line& line,
                                           const Source& source,
                                           const Document& document,
                                           bool active, Settings& settings);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_DIRECTIVES_H_
