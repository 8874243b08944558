// Socket units: where systemd listens for SSH daemons, systemd.socket(5).
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_SOCKET_UNITS_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_SOCKET_UNITS_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "collectors/base/host_root.h"

namespace ssh_keepalive::sshd_config {

// Whether systemd starts an sshd for connections to a socket of its own: the
// unit ssh.socket or sshd.socket is enabled.
bool is_socket_activated(const HostRoot& root);

// The ports of the enabled ones of ssh.socket, sshd.socket, dropbear.socket and
// tinysshd.socket, by their files and drop-ins: in the order of the addresses,
// with repetitions. What cannot be read says nothing.
std::vector<std::uint16_t> socket_unit_ports(const HostRoot& root);

// Applies one file of a unit to what the files before it gave: an assignment of
// nothing to a Listen…= of any kind takes all addresses back. Lines that
// systemd would ignore are ignored; so are addresses that are no TCP port.
void apply_socket_unit(std::string_view text,
                       std::vector<std::uint16_t>& ports);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_SOCKET_UNITS_H_
