// What a socket's last words tell of why its session has ended. Rules: Linux
// net/ipv4/tcp.c, tcp_input.c and tcp_timer.c; docs/ends.md has them in words.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_END_CAUSE_H_
#define SSH_KEEPALIVE_DIAGNOSIS_END_CAUSE_H_

#include <optional>
#include <string>
#include <vector>

#include "collectors/sessions/ends/destroyed_sockets.h"
#include "collectors/sessions/ends/final_socket.h"
#include "collectors/sessions/session.h"
#include "diagnosis/keepalive_timer.h"
#include "diagnosis/retransmission.h"
#include "diagnosis/session_end.h"
#include "diagnosis/session_verdict.h"

namespace ssh_keepalive::diagnosis {

// All that is known of a session that is no more.
struct EndFacts {
  // As of the last look that saw it.
  sessions::Session session;
  SessionVerdict verdict;
  std::optional<KeepaliveTimer> keepalive;  // of its namespace
  std::optional<RetransmissionSettings> retransmission;
  // From that look until its end was noticed.
  Seconds since_look{};
  // What the last look before it that foretold an end had said, and when that
  // was: the last one may have come after a program's last words.
  Fate earlier_fate;
  Seconds since_earlier_look{};
  // Its socket then, destroyed or without a process; nothing: nobody saw it.
  std::optional<sessions::FinalSocket> final;
  // What the kernel still had of the connection right behind that; nothing:
  // unknown.
  std::optional<sessions::Remains> remains;
};

struct CauseOfEnd {
  EndCause cause = EndCause::kUnknown;
  ClosedBy closed_by = ClosedBy::kUnknown;
  std::vector<std::string> evidence;

  bool operator==(const CauseOfEnd&) const = default;
};

CauseOfEnd cause_of(const EndFacts& facts);

// For how long at least nothing had arrived before the first packet that stayed
// without an answer: what the path had to remember. `cause`: as of cause_of().
// Nothing where everything was answered, or unknown.
std::optional<Seconds> silence_before_death(const EndFacts& facts,
                                            EndCause cause);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_END_CAUSE_H_
