#include "collectors/sessions/armed_timer.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "collectors/base/file.h"
#include "collectors/base/number.h"

namespace ssh_keepalive::sessions {
namespace {

// The timer is exact to a tick of the kernel, 10 ms at most. This covers a
// daemon that is slow to set SO_KEEPALIVE on what it has accepted.
constexpr std::chrono::seconds kTolerance{1};

std::optional<std::chrono::seconds> read_seconds(const HostRoot& root,
                                                 std::string_view path) {
  constexpr std::size_t kMaxBytes = 4096;
  const Result<File> file = read_file(root, path, kMaxBytes);
  if (!file.ok()) {
    return std::nullopt;
  }
  // The kernel's own range; what a recorded tree has more cannot overflow.
  const auto value = parse_integer<std::int32_t>(trim(file->bytes));
  if (!value || *value < 0) {
    return std::nullopt;
  }
  return std::chrono::seconds(*value);
}

// What the kernel measures: since data or an ACK was received.
milliseconds since_received(const Socket& socket) {
  if (!socket.info) {
    return milliseconds(0);
  }
  return std::min(socket.info->since_data_received,
                  socket.info->since_ack_received);
}

}  // namespace

std::optional<KeepaliveSettings> read_keepalive_settings(const HostRoot& root) {
  const auto time = read_seconds(root, "/proc/sys/net/ipv4/tcp_keepalive_time");
  const auto interval =
      read_seconds(root, "/proc/sys/net/ipv4/tcp_keepalive_intvl");
  if (!time || !interval) {
    return std::nullopt;
  }
  return KeepaliveSettings{.time = *time, .interval = *interval};
}

std::optional<bool> armed_with_other_settings(
    const Socket& socket, const KeepaliveSettings& settings) {
  if (socket.timer.kind != TimerKind::kKeepalive) {
    return std::nullopt;
  }
  const milliseconds expires = socket.timer.expires;
  const milliseconds in_all = expires + since_received(socket);
  const milliseconds after_probe =
      socket.timer.unanswered > 0 ? expires : in_all;  // of an answered probe
  return in_all > settings.time + kTolerance &&
         after_probe > settings.interval + kTolerance;
}

}  // namespace ssh_keepalive::sessions
