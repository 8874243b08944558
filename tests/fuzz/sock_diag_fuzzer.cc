// Whatever a socket dump holds: no crash, no read behind its end, and every
// socket that comes out can be printed.
#include <cstdlib>
#include <span>

#include "collectors/sessions/sock_diag.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using ssh_keepalive::sessions::decode_datagram;
  using ssh_keepalive::sessions::Socket;
  std::size_t sockets = 0;
  const auto progress = decode_datagram(
      std::as_bytes(std::span(data, size)), [&](const Socket& socket) {
        ++sockets;
        if (to_string(socket.local).empty() || to_string(socket.peer).empty()) {
          std::abort();
        }
      });
  // A socket's message has a header of 16 bytes and a body of 72.
  if (sockets > size / 88 || (size == 0 && !progress.ok())) {
    std::abort();
  }
  return 0;
}
