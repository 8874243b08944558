#include "diagnosis/session_end.h"

#include <algorithm>

namespace ssh_keepalive::diagnosis {

std::string_view name_of(EndCause cause) {
  switch (cause) {
    case EndCause::kClosed:
      return "closed";
    case EndCause::kReset:
      return "reset";
    case EndCause::kTcpKeepalive:
      return "tcp_keepalive";
    case EndCause::kRetransmissionLimit:
      return "retransmission_limit";
    case EndCause::kSshKeepalive:
      return "ssh_keepalive";
    case EndCause::kChannelTimeout:
      return "channel_timeout";
    case EndCause::kIdleKill:
      return "idle_kill";
    case EndCause::kUnknown:
      break;
  }
  return "unknown";
}

std::optional<EndCause> end_cause_named(std::string_view name) {
  const auto* const cause = std::ranges::find_if(
      kEndCauses, [name](EndCause one) { return name_of(one) == name; });
  return cause == kEndCauses.end() ? std::nullopt : std::optional(*cause);
}

std::string_view name_of(ClosedBy who) {
  switch (who) {
    case ClosedBy::kHere:
      return "here";
    case ClosedBy::kPeer:
      return "peer";
    case ClosedBy::kUnknown:
      break;
  }
  return "";
}

}  // namespace ssh_keepalive::diagnosis
