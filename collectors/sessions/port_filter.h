// A set of TCP ports, and the kernel's way to select sockets by it.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_PORT_FILTER_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_PORT_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace ssh_keepalive::sessions {

// One netlink attribute holds the whole program, and every socket of the host
// passes through it: more ports than any SSH host listens on, few enough to
// stay cheap.
inline constexpr std::size_t kMaxPorts = 64;

// Ascending, without duplicates and without 0, which is no port.
class PortSet {
 public:
  PortSet() = default;
  // Takes the first kMaxPorts different ports of `ports` in their order.
  explicit PortSet(std::span<const std::uint16_t> ports);

  [[nodiscard]] bool contains(std::uint16_t port) const;
  [[nodiscard]] std::span<const std::uint16_t> ports() const { return ports_; }
  // How many different ports did not fit.
  [[nodiscard]] std::size_t left_out() const { return left_out_; }

 private:
  std::vector<std::uint16_t> ports_;
  std::size_t left_out_ = 0;
};

// A program for INET_DIAG_REQ_BYTECODE (linux/inet_diag.h, interpreted by the
// kernel's net/ipv4/inet_diag.c) that accepts a socket whose local or remote
// port is in the set; empty for an empty set, which accepts nothing.
//
// It is a binary search made of "port >= P" and "port <= P" only: at most
// seven comparisons per direction, and operations that every kernel has
// (equality came later). Neighbouring ports are one range.
std::vector<std::byte> compile_port_filter(const PortSet& ports);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_PORT_FILTER_H_
