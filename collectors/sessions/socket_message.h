// What all messages of NETLINK_SOCK_DIAG about sockets have in common:
// sock_diag(7), linux/inet_diag.h. For the decoders of this folder.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_SOCKET_MESSAGE_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_SOCKET_MESSAGE_H_

#include <linux/netlink.h>

#include <cstddef>
#include <cstring>
#include <functional>
#include <span>
#include <string>

#include "collectors/base/result.h"
#include "collectors/sessions/ends/final_socket.h"

namespace ssh_keepalive::sessions {

// The caller has checked that `bytes` is long enough for a T.
template <typename T>
T read_wire(std::span<const std::byte> bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

Error malformed_message(std::string reason);

// Calls `use` with the header and the payload of each message of a datagram
// until it returns false. Errors: kInvalid where a message is cut short or
// beyond the datagram's end; those of `use`.
Result<void> for_each_message(
    std::span<const std::byte> datagram,
    const std::function<Result<bool>(const nlmsghdr& header,
                                     std::span<const std::byte> payload)>& use);

// Decodes one inet_diag_msg with its attributes. What is not known among these
// is passed over, and so is what newer kernels append; anything cut short or
// beyond its container's end is kInvalid.
Result<FinalSocket> decode_socket_message(std::span<const std::byte> payload);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_SOCKET_MESSAGE_H_
