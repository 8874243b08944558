// The kernel's news of TCP sockets that it destroys: SKNLGRP_INET_TCP_DESTROY
// and SKNLGRP_INET6_TCP_DESTROY of sock_diag(7), since Linux 4.3.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_ENDS_DESTROYED_SOCKETS_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_ENDS_DESTROYED_SOCKETS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "collectors/base/result.h"
#include "collectors/base/unique_fd.h"
#include "collectors/sessions/ends/final_socket.h"
#include "collectors/sessions/port_filter.h"

namespace ssh_keepalive::sessions {

using FinalSocketSink = std::function<void(const FinalSocket&)>;

// Decodes one datagram of news. Messages of other types, about sockets that
// never had a peer, and without tcp_info are passed over. Errors: kInvalid
// where something is cut short or beyond its container's end.
Result<void> decode_news(std::span<const std::byte> datagram,
                         const FinalSocketSink& sink);

// What the kernel has of a connection whose socket a process may have lost.
enum class Remains : std::uint8_t {
  kNothing,
  kTimeWait,  // this end has closed first, and its FIN is acknowledged
  kClosing,   // this end has closed, and its FIN waits for an answer
  kOpen,
};

struct Left {
  Remains remains = Remains::kNothing;
  std::optional<FinalSocket> socket;  // of kClosing and kOpen

  bool operator==(const Left&) const = default;
};

// A request for the one connection with the ends of `socket`, whichever socket
// that is now, with tcp_info. The answer has the same number.
std::vector<std::byte> encode_look_up(const Socket& socket,
                                      std::uint32_t number);

// The answer to it. Errors: kInvalid; kFailed where the kernel refuses.
Result<Left> decode_left(std::span<const std::byte> datagram);

// Of the network namespace in which it was opened. Needs no right. Not safe to
// use from several threads at once.
class DestroyedSockets {
 public:
  // Subscribes; what happens from then on is told. Errors: kAbsent (a kernel
  // without it), kDenied, kFailed.
  static Result<DestroyedSockets> open(const PortSet& ports);

  // Other ports from now on; also while another thread does something else.
  // Errors: kFailed.
  Result<void> set_ports(const PortSet& ports);

  // Readable when there are news: for poll(2).
  [[nodiscard]] int descriptor() const { return news_.get(); }

  // Hands over what has come, at most so many datagrams, and waits for nothing.
  // Returns how often the kernel had no room for news since the last call.
  // Errors: kFailed. A datagram that cannot be decoded is passed over.
  static constexpr std::size_t kMaxAtOnce = 10'000;
  Result<std::uint64_t> receive(const FinalSocketSink& sink,
                                std::size_t most = kMaxAtOnce);

  // Asks what there is of the connection with those ends. Errors: kFailed,
  // also where the kernel stays silent for two seconds; decode_left's.
  Result<Left> look_up(const Socket& socket);

 private:
  DestroyedSockets(UniqueFd news, UniqueFd questions)
      : news_(std::move(news)), questions_(std::move(questions)) {}

  UniqueFd news_;
  UniqueFd questions_;
  std::uint32_t questions_asked_ = 0;
  std::vector<std::byte> buffer_;
};

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_ENDS_DESTROYED_SOCKETS_H_
