// The grammar of /proc/net/tcp and /proc/net/tcp6: proc(5), and the kernel's
// net/ipv4/tcp_ipv4.c and net/ipv6/tcp_ipv6.c. No I/O here.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_PROC_NET_TCP_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_PROC_NET_TCP_H_

#include <optional>
#include <string_view>

#include "collectors/base/result.h"
#include "collectors/sessions/selection.h"
#include "collectors/sessions/socket.h"

namespace ssh_keepalive::sessions {

// Whether this is the line of column titles that both files begin with.
bool is_proc_net_tcp_header(std::string_view line);

// One line behind the first, without its line break. Nothing for a socket
// that is in none of TcpState's states or not in the selection; kInvalid
// (without a subject) for a line that is none of this file.
Result<std::optional<Socket>> parse_proc_net_tcp_line(
    AddressFamily family, std::string_view line, const Selection& selection);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_PROC_NET_TCP_H_
