// The seam between this program and the kernel's socket tables.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_NETLINK_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_NETLINK_H_

#include <cstddef>
#include <functional>
#include <span>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"

namespace ssh_keepalive::sessions {

// Takes one reply datagram; returns whether another one is to be expected.
// The bytes are gone after the call.
using DatagramSink = std::function<Result<bool>(std::span<const std::byte>)>;

// Sends one request to NETLINK_SOCK_DIAG and hands every datagram of the
// answer to `sink` until that has enough. Errors: the sink's own; kAbsent (no
// such kind of socket here); kDenied; kInterrupted (the kernel dropped part of
// the answer); kFailed, also when the kernel stays silent for two seconds, the
// whole takes half a minute, or the answer ends before the sink has enough.
using Exchange = std::function<Result<void>(std::span<const std::byte> request,
                                            const DatagramSink& sink)>;

// Asks the kernel, in the network namespace of the calling thread.
Result<void> kernel_exchange(std::span<const std::byte> request,
                             const DatagramSink& sink);

// Where a recorded host keeps the answer to a dump request: the messages of
// all datagrams one after another.
inline constexpr std::string_view kRecordedDump = "/netlink/tcp_dump.bin";

// kernel_exchange for a root with a running kernel, else one that answers
// every request from <root>/netlink/tcp_dump.bin. Errors: read_file's; kInvalid
// where the sink refuses what is in it, or it is not complete.
Exchange exchange_for(const HostRoot& root);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_NETLINK_H_
