// Where processes that are known listen.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_LISTENING_PORTS_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_LISTENING_PORTS_H_

#include <cstdint>
#include <set>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/sessions/netlink.h"

namespace ssh_keepalive::sessions {

// The ports of the listening sockets with one of these inodes; ascending,
// without repetition. Empty where neither source can be read: the look for
// sessions says so.
std::vector<std::uint16_t> listening_ports(
    const HostRoot& root, const Exchange& exchange,
    const std::set<std::uint64_t>& inodes);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_LISTENING_PORTS_H_
