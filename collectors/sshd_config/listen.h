// Port, ListenAddress and AddressFamily: where sshd listens.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_LISTEN_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_LISTEN_H_

#include <optional>
#include <vector>

#include "collectors/sshd_config/directives.h"

namespace ssh_keepalive::sshd_config {

// Writes numeric addresses as the kernel does ("127.1" is 127.0.0.1) and
// refuses those that AddressFamily excludes. A name stays a name: sshd asks the
// resolver when it starts, this program never does.
std::optional<Refusal> resolve_addresses(Settings& settings);

// All addresses with their ports, in the order of `sshd -T`.
std::vector<ListenAddress> listen_addresses(
    const Settings& settings, const std::vector<Value<int>>& ports);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_LISTEN_H_
