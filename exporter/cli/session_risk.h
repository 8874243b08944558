// In what danger a session is, as far as its socket tells.
#ifndef SSH_KEEPALIVE_EXPORTER_CLI_SESSION_RISK_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_SESSION_RISK_H_

#include <vector>

#include "collectors/sessions/session.h"

namespace ssh_keepalive {

// The greater, the less it is in danger.
enum class Risk {
  kPeerSilent,   // unanswered probes or retransmissions
  kPeerLeft,     // closed by the peer, held here
  kPeerStuck,    // the peer takes no more data
  kUnrefreshed,  // the kernel sends no probes
  kOutdated,     // it does, at the times of older settings
  kUnclear,
  kNone,
};

Risk risk_of(const sessions::Session& session);

// First those in danger, and among equals the longest silent one.
std::vector<sessions::Session> by_risk(std::vector<sessions::Session> all);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_SESSION_RISK_H_
