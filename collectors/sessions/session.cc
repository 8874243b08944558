#include "collectors/sessions/session.h"

#include <algorithm>

namespace ssh_keepalive::sessions {

Keepalive keepalive_of(const Socket& socket) {
  switch (socket.timer.kind) {
    case TimerKind::kKeepalive:
      return Keepalive::kOn;
    case TimerKind::kNone:
    case TimerKind::kOther:
      return Keepalive::kOff;
    case TimerKind::kRetransmit:
    case TimerKind::kZeroWindow:
      break;
  }
  return Keepalive::kHidden;
}

std::optional<milliseconds> wire_silence_at_most(const Session& session) {
  const std::optional<TcpInfo>& info = session.socket.info;
  if (!info) {
    return std::nullopt;
  }
  return std::min({info->since_data_sent, info->since_data_received,
                   info->since_ack_received});
}

bool is_probing(const Session& session) {
  const Timer& timer = session.socket.timer;
  return timer.kind == TimerKind::kKeepalive && timer.unanswered > 0;
}

bool is_retransmitting(const Session& session) {
  const Timer& timer = session.socket.timer;
  return timer.kind == TimerKind::kRetransmit && timer.unanswered > 0;
}

}  // namespace ssh_keepalive::sessions
