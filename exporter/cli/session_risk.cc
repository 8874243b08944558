#include "exporter/cli/session_risk.h"

#include <algorithm>
#include <tuple>

namespace ssh_keepalive {

using sessions::Keepalive;
using sessions::Session;
using sessions::TcpState;
using sessions::TimerKind;

Risk risk_of(const Session& session) {
  if (is_probing(session) || is_retransmitting(session)) {
    return Risk::kPeerSilent;
  }
  if (session.socket.state == TcpState::kCloseWait) {
    return Risk::kPeerLeft;
  }
  if (session.socket.timer.kind == TimerKind::kZeroWindow) {
    return Risk::kPeerStuck;
  }
  if (session.outdated_sysctl.value_or(false)) {
    return Risk::kOutdated;
  }
  switch (session.keepalive) {
    case Keepalive::kOff:
      return Risk::kUnrefreshed;
    case Keepalive::kHidden:
      return Risk::kUnclear;
    case Keepalive::kOn:
      break;
  }
  return Risk::kNone;
}

std::vector<Session> by_risk(std::vector<Session> all) {
  const auto order = [](const Session& session) {
    return std::tuple(risk_of(session),
                      -sessions::wire_silence_at_most(session)
                           .value_or(sessions::milliseconds(0))
                           .count(),
                      session.socket.peer, session.socket.local);
  };
  std::sort(all.begin(), all.end(), [&](const Session& a, const Session& b) {
    return order(a) < order(b);
  });
  return all;
}

}  // namespace ssh_keepalive
