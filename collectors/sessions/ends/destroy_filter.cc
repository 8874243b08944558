#include "collectors/sessions/ends/destroy_filter.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>

#include <cstddef>
#include <cstdint>

namespace ssh_keepalive::sessions {
namespace {

constexpr std::uint32_t kLocalPort =
    NLMSG_HDRLEN + offsetof(inet_diag_msg, id.idiag_sport);
constexpr std::uint32_t kPeerPort =
    NLMSG_HDRLEN + offsetof(inet_diag_msg, id.idiag_dport);
constexpr std::uint32_t kWhole = 0xffffffff;  // of the message is taken

// Two bytes in network order, as a number.
sock_filter load(std::uint32_t offset) {
  return {.code = BPF_LD | BPF_H | BPF_ABS, .jt = 0, .jf = 0, .k = offset};
}

// Skips so many instructions where it is equal.
sock_filter skip_if_equal(std::uint32_t value, std::size_t count) {
  return {.code = BPF_JMP | BPF_JEQ | BPF_K,
          .jt = static_cast<std::uint8_t>(count),
          .jf = 0,
          .k = value};
}

sock_filter give_back(std::uint32_t bytes) {
  return {.code = BPF_RET | BPF_K, .jt = 0, .jf = 0, .k = bytes};
}

}  // namespace

std::vector<sock_filter> compile_destroy_filter(const PortSet& ports) {
  // At the end: to refuse, to take. No distance is larger than a byte.
  static_assert(2 * kMaxPorts + 4 < 256);
  const std::size_t count = ports.ports().size();
  std::vector<sock_filter> program;
  std::size_t left = 2 * count + 1;  // of the instructions before the end
  program.push_back(load(kPeerPort));
  program.push_back(skip_if_equal(0, left));
  for (const std::uint16_t port : ports.ports()) {
    program.push_back(skip_if_equal(port, left--));
  }
  program.push_back(load(kLocalPort));
  --left;
  for (const std::uint16_t port : ports.ports()) {
    program.push_back(skip_if_equal(port, left--));
  }
  program.push_back(give_back(0));
  program.push_back(give_back(kWhole));
  return program;
}

}  // namespace ssh_keepalive::sessions
