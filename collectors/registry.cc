#include "collectors/registry.h"

namespace ssh_keepalive {

std::vector<std::uint16_t> session_ports(const CollectorInput& input) {
  constexpr std::uint16_t kSshPort = 22;
  sshd_config::Facts facts;
  // Its errors are those of the collector sshd_config, which reports them.
  static_cast<void>(sshd_config::collect(input.root,
                                         input.settings.sshd_config_files,
                                         input.memory->session_ports, facts));
  std::vector<std::uint16_t> ports = sshd_config::ports(facts);
  ports.push_back(kSshPort);
  ports.insert(ports.end(), input.settings.session_ports.begin(),
               input.settings.session_ports.end());
  return ports;
}

}  // namespace ssh_keepalive
