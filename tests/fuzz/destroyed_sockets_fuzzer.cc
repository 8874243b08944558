// Whatever the kernel's news of destroyed sockets hold, and its answers to
// questions about them: no crash, and no read behind their end.
#include <cstdlib>
#include <span>

#include "collectors/sessions/ends/destroyed_sockets.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  namespace sessions = ssh_keepalive::sessions;
  const auto bytes = std::as_bytes(std::span(data, size));
  std::size_t sockets = 0;
  static_cast<void>(
      sessions::decode_news(bytes, [&](const sessions::FinalSocket& socket) {
        ++sockets;
        if (socket.socket.peer.port == 0 || !socket.socket.info) {
          std::abort();
        }
      }));
  const auto left = sessions::decode_left(bytes);
  if (sockets > size / 88 || (size == 0 && left.ok())) {
    std::abort();
  }
  return 0;
}
