// Which of the kernel's news of destroyed sockets a process wants.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_ENDS_DESTROY_FILTER_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_ENDS_DESTROY_FILTER_H_

#include <linux/filter.h>

#include <vector>

#include "collectors/sessions/port_filter.h"

namespace ssh_keepalive::sessions {

// A program for SO_ATTACH_FILTER (classic BPF) on a netlink socket: it takes
// messages about connections with a local or remote port of the set, and none
// about sockets that have no peer, as listeners. An empty set takes nothing.
std::vector<sock_filter> compile_destroy_filter(const PortSet& ports);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_ENDS_DESTROY_FILTER_H_
