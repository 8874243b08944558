// Writes netlink messages as the kernel does, and as it never would.
#ifndef SSH_KEEPALIVE_TESTS_COLLECTORS_SESSIONS_WIRE_H_
#define SSH_KEEPALIVE_TESTS_COLLECTORS_SESSIONS_WIRE_H_

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/tcp.h>
#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "collectors/base/file.h"
#include "collectors/sessions/netlink.h"
#include "tests/support.h"

namespace ssh_keepalive::testing {

using Bytes = std::vector<std::byte>;

template <typename T>
void append_aligned(Bytes& bytes, const T& value) {
  const std::size_t offset = bytes.size();
  bytes.resize(offset + NLMSG_ALIGN(sizeof value));
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

inline Bytes attribute(std::uint16_t type, std::span<const std::byte> payload) {
  Bytes bytes;
  append_aligned(
      bytes,
      rtattr{.rta_len = static_cast<std::uint16_t>(RTA_LENGTH(payload.size())),
             .rta_type = type});
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  bytes.resize(RTA_ALIGN(bytes.size()));
  return bytes;
}

inline Bytes tcp_info_attribute(const struct tcp_info& info,
                                std::size_t size = sizeof(struct tcp_info)) {
  Bytes payload(size);
  if (size > 0) {
    std::memcpy(payload.data(), &info, std::min(size, sizeof info));
  }
  return attribute(INET_DIAG_INFO, payload);
}

inline Bytes message(std::uint16_t type, std::span<const std::byte> payload,
                     std::uint16_t flags = NLM_F_MULTI) {
  Bytes bytes;
  append_aligned(bytes, nlmsghdr{.nlmsg_len = static_cast<std::uint32_t>(
                                     NLMSG_LENGTH(payload.size())),
                                 .nlmsg_type = type,
                                 .nlmsg_flags = flags});
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  bytes.resize(NLMSG_ALIGN(bytes.size()));
  return bytes;
}

inline Bytes status_message(std::uint16_t type, std::int32_t status) {
  Bytes payload;
  append_aligned(payload, status);
  return message(type, payload);
}

inline Bytes done() { return status_message(NLMSG_DONE, 0); }

inline Bytes refusal(int errno_value) {
  return status_message(NLMSG_ERROR, -errno_value);
}

// An established IPv4 connection 192.0.2.1:22 - 192.0.2.9:50000 with an armed
// keepalive timer; tests change what they are about.
inline inet_diag_msg socket_header() {
  inet_diag_msg header = {.idiag_family = AF_INET,
                          .idiag_state = 1,
                          .idiag_timer = 2,
                          .idiag_retrans = 0,
                          .idiag_expires = 7'199'000,
                          .idiag_uid = 1000,
                          .idiag_inode = 4711};
  header.id.idiag_sport = htons(22);
  header.id.idiag_dport = htons(50'000);
  header.id.idiag_src[0] = htonl(0xC0000201);
  header.id.idiag_dst[0] = htonl(0xC0000209);
  header.id.idiag_cookie[0] = 7;
  header.id.idiag_cookie[1] = 1;
  return header;
}

inline Bytes socket_message(const inet_diag_msg& header,
                            std::span<const std::byte> attributes = {},
                            std::uint16_t flags = NLM_F_MULTI) {
  Bytes payload;
  append_aligned(payload, header);
  payload.insert(payload.end(), attributes.begin(), attributes.end());
  return message(TCPDIAG_GETSOCK, payload, flags);
}

template <typename... More>
Bytes join(Bytes bytes, const More&... more) {
  (bytes.insert(bytes.end(), more.begin(), more.end()), ...);
  return bytes;
}

// The dump recorded for a fixture host.
inline Bytes recorded_dump(std::string_view scenario) {
  const Result<File> file = read_file(*HostRoot::open(fixture_host(scenario)),
                                      sessions::kRecordedDump);
  const std::span<const std::byte> bytes =
      std::as_bytes(std::span(file->bytes));
  return {bytes.begin(), bytes.end()};
}

}  // namespace ssh_keepalive::testing

#endif  // SSH_KEEPALIVE_TESTS_COLLECTORS_SESSIONS_WIRE_H_
