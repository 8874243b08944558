// The SSH daemons that run on a host.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_DAEMON_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_DAEMON_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/netns/namespaces.h"
#include "collectors/processes/process.h"
#include "collectors/processes/process_table.h"
#include "collectors/sshd_config/command_line.h"

namespace ssh_keepalive::sshd_config {

enum class Implementation : std::uint8_t { kOpenSsh, kDropbear };

std::string_view name_of(Implementation implementation);

// A process that listens for SSH connections as root.
struct Daemon {
  processes::Process process;
  netns::Name netns;
  Implementation implementation = Implementation::kOpenSsh;
  std::string unit;  // "ssh.service"; empty: not started by systemd
  // Whether its executable is root's; nothing where nobody may look. Only then
  // are the files that its command line names believed and read.
  std::optional<bool> trusted;
  // Whether its executable is the one that Debian's package has installed, and
  // not one that has been replaced since; true where nobody may look.
  bool is_packaged = true;
  int namespace_pid = 0;     // what the daemon itself takes for its pid
  CommandLine command_line;  // of OpenSSH only
  std::optional<processes::Time> started_at;
  HostRoot host = HostRoot::live();  // where its process is seen
  HostRoot root = HostRoot::live();  // what is `/` to it
};

// Processes of other users that call themselves sshd are left out, those that
// serve one connection, and those of namespaces that `network_of` does not look
// at. Errors: as ProcessTable::find; then nothing is known about daemons.
Result<std::vector<Daemon>> find_daemons(
    const HostRoot& root, const netns::NetworkOf& network_of,
    processes::ProcessTable& table, std::chrono::steady_clock::time_point now);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_DAEMON_H_
