// The wire format of a TCP socket dump: sock_diag(7), linux/inet_diag.h,
// linux/netlink.h. No I/O here.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_SOCK_DIAG_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_SOCK_DIAG_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "collectors/base/result.h"
#include "collectors/sessions/selection.h"
#include "collectors/sessions/socket.h"

namespace ssh_keepalive::sessions {

// Which of the kernel's two requests. Both take the same filter and answer
// with the same records.
enum class DumpKind {
  kBothFamilies,  // TCPDIAG_GETSOCK: older, one walk of the socket table
  kIpv4,          // SOCK_DIAG_BY_FAMILY: one walk for each family
  kIpv6,
};

// A request for these sockets, of which connections come with tcp_info and no
// other attribute that costs extra. The kernel refuses an empty set of ports.
std::vector<std::byte> encode_dump_request(DumpKind kind,
                                           const Selection& selection);

// How far a dump has come after one datagram.
struct DumpProgress {
  bool done = false;  // the kernel has said that this was all
  // The socket table changed in a way that the kernel noticed: sockets may be
  // missing or doubled.
  bool interrupted = false;
  // What the kernel answered instead of sockets: a value of errno, > 0.
  std::optional<int> refused_errno;
};

using SocketSink = std::function<void(const Socket&)>;

// Decodes one datagram (one or more netlink messages) and hands each socket
// to `sink`. Message types and attributes that are not known are passed over,
// and so is what newer kernels append to known ones; anything cut short or
// beyond its container's end is kInvalid.
Result<DumpProgress> decode_datagram(std::span<const std::byte> datagram,
                                     const SocketSink& sink);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_SOCK_DIAG_H_
