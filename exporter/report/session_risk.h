// In what danger a session is.
#ifndef SSH_KEEPALIVE_EXPORTER_REPORT_SESSION_RISK_H_
#define SSH_KEEPALIVE_EXPORTER_REPORT_SESSION_RISK_H_

#include <string>
#include <vector>

#include "diagnosis/judged_session.h"

namespace ssh_keepalive {

// The greater, the less it is in danger.
enum class Risk {
  kPeerSilent,   // unanswered probes or retransmissions
  kPeerLeft,     // closed by the peer, held here
  kPeerStuck,    // the peer takes no more data
  kLostByPath,   // refreshed after the path has forgotten it
  kUnrefreshed,  // nothing refreshes it, as far as is known
  kOutdated,     // it lives on settings of before
  kEndsIdle,     // ended for want of use
  kUnclear,
  kNone,
};

Risk risk_of(const diagnosis::JudgedSession& judged);

// First those in danger, and among equals the longest silent one.
std::vector<diagnosis::JudgedSession> by_risk(
    std::vector<diagnosis::JudgedSession> all);

// "9 sessions (6 server, 3 client), of which 2 unanswered, 1 closed by the
// peer". Without sessions "0 sessions".
std::string summary_of(const std::vector<diagnosis::JudgedSession>& all);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_REPORT_SESSION_RISK_H_
