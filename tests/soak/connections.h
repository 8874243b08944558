// TCP connections that come and go, both ends in this process.
#ifndef SSH_KEEPALIVE_TESTS_SOAK_CONNECTIONS_H_
#define SSH_KEEPALIVE_TESTS_SOAK_CONNECTIONS_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>

#include "collectors/base/unique_fd.h"

namespace ssh_keepalive::soak {

class Connections {
 public:
  // Opens so many, to a port of 127.0.0.1 that the kernel chooses. Throws where
  // that is refused.
  explicit Connections(std::size_t count);

  [[nodiscard]] std::uint16_t port() const { return port_; }

  // The oldest one ends, and another begins. Every second one is reset: its
  // server closes it with data unread.
  void replace_oldest();

 private:
  void open();

  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::deque<std::pair<UniqueFd, UniqueFd>> open_;  // client and server
  bool resets_next_ = false;
};

}  // namespace ssh_keepalive::soak

#endif  // SSH_KEEPALIVE_TESTS_SOAK_CONNECTIONS_H_
