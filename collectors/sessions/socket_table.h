// The SSH part of a host's TCP socket table, from either of its two sources.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_SOCKET_TABLE_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_SOCKET_TABLE_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/sessions/netlink.h"
#include "collectors/sessions/selection.h"
#include "collectors/sessions/socket.h"

namespace ssh_keepalive::sessions {

// About 20 MB of facts: more SSH connections than any host serves, so that a
// busy port that is no SSH port cannot take the memory.
inline constexpr std::size_t kMaxSockets = 100'000;

struct SocketTable {
  // Those of the selection.
  std::vector<Socket> sockets;
  // Why some may be missing or doubled: kInterrupted (the table changed in
  // every one of three attempts) or kLimit (more than kMaxSockets).
  std::optional<Error> incomplete;
};

// By netlink. One walk of the kernel's table where the kernel takes the older
// request, else one for each address family. Errors: Exchange's and
// decode_datagram's; kAbsent and kDenied mean that this source is closed.
Result<SocketTable> dump_sockets(const Exchange& exchange,
                                 const Selection& selection);

// From /proc/net/tcp and /proc/net/tcp6 (the latter may be missing), where a
// kernel runs those of the calling thread's network namespace. Neither
// cookies nor tcp_info there. Errors: those of opening a file; kInvalid with
// file:line; kLimit.
Result<SocketTable> read_proc_net_tcp(const HostRoot& root,
                                      const Selection& selection);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_SOCKET_TABLE_H_
