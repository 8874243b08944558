// What ended a session, told from its socket's last words.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_SESSION_END_H_
#define SSH_KEEPALIVE_DIAGNOSIS_SESSION_END_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/sessions/session.h"

namespace ssh_keepalive::diagnosis {

enum class EndCause : std::uint8_t {
  kClosed,               // in order, by one of the two ends
  kReset,                // by a RST of the peer or of the path
  kTcpKeepalive,         // probes without an answer
  kRetransmissionLimit,  // data without an answer: tcp_retries2
  kSshKeepalive,         // messages of sshd or ssh without an answer
  kChannelTimeout,
  kIdleKill,  // another limit for those who do nothing
  kUnknown,
};

inline constexpr std::array kEndCauses = {
    EndCause::kClosed,       EndCause::kReset,
    EndCause::kTcpKeepalive, EndCause::kRetransmissionLimit,
    EndCause::kSshKeepalive, EndCause::kChannelTimeout,
    EndCause::kIdleKill,     EndCause::kUnknown};

// The name of the reference pages: "retransmission_limit".
std::string_view name_of(EndCause cause);
std::optional<EndCause> end_cause_named(std::string_view name);

// Who sent the first FIN, or closed the socket in another way.
enum class ClosedBy : std::uint8_t { kUnknown, kHere, kPeer };

// "", "here", "peer".
std::string_view name_of(ClosedBy who);

// One end, as it is kept and shown.
struct SessionEnd {
  std::chrono::system_clock::time_point ended_at;
  sessions::Role role = sessions::Role::kUnknown;
  std::string netns;  // netns::Name::text()
  std::string local;  // "192.0.2.1:22"
  std::string peer;
  std::string user;  // empty: unknown
  std::string tty;   // empty: none, or unknown
  int pid = 0;       // 0: unknown
  std::optional<std::chrono::seconds> lasted;
  EndCause cause = EndCause::kUnknown;
  ClosedBy closed_by = ClosedBy::kUnknown;
  std::vector<std::string> evidence;  // sentences without a full stop
  std::string advice;  // what would have prevented it; empty: nothing to say

  bool operator==(const SessionEnd&) const = default;
};

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_SESSION_END_H_
