// What the user may tell the collectors. Defaults are those of the reference
// page docs/configuration.md.
#ifndef SSH_KEEPALIVE_COLLECTORS_SETTINGS_H_
#define SSH_KEEPALIVE_COLLECTORS_SETTINGS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace ssh_keepalive {

// Which network namespaces beside the host's are looked at.
enum class NetnsScan : std::uint8_t {
  kOff,
  kAuto,  // those that hold SSH sockets or an SSH daemon
  kAll,
};

struct NetnsSettings {
  NetnsScan scan = NetnsScan::kOff;
  int series_limit = 5;  // 0 or more; further ones are summed
};

struct CollectorSettings {
  // [sshd] config; none: /etc/ssh/sshd_config.
  std::vector<std::string> sshd_config_files;
  // [ssh] config: the system-wide file.
  std::string ssh_config_file = "/etc/ssh/ssh_config";
  // [ssh] users: whose ~/.ssh/config is read too.
  std::vector<std::string> ssh_users;
  // [ssh] hosts: names to evaluate, each a `profile`.
  std::vector<std::string> ssh_hosts;
  // [sessions] ports: more ports than those discovered.
  std::vector<std::uint16_t> session_ports;
  NetnsSettings netns;
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_SETTINGS_H_
