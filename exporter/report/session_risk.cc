#include "exporter/report/session_risk.h"

#include <algorithm>
#include <tuple>

namespace ssh_keepalive {

using diagnosis::FateKind;
using diagnosis::JudgedSession;
using sessions::Keepalive;
using sessions::Session;
using sessions::TcpState;
using sessions::TimerKind;

Risk risk_of(const JudgedSession& judged) {
  const Session& session = judged.session;
  const diagnosis::SessionVerdict& verdict = judged.verdict;
  if (verdict.fate.kind == FateKind::kDying) {
    return Risk::kPeerSilent;
  }
  if (session.socket.state == TcpState::kCloseWait) {
    return Risk::kPeerLeft;
  }
  if (session.socket.timer.kind == TimerKind::kZeroWindow) {
    return Risk::kPeerStuck;
  }
  if (verdict.fate.kind == FateKind::kLostByPath) {
    return Risk::kLostByPath;
  }
  // What is forwarded is kept alive by the client beyond.
  const bool is_unrefreshed =
      verdict.refresh ? verdict.refresh->time.is_never()
                      : session.keepalive == Keepalive::kOff &&
                            session.role != sessions::Role::kForwarded;
  if (is_unrefreshed) {
    return Risk::kUnrefreshed;
  }
  if (session.outdated_sysctl.value_or(false) ||
      judged.outdated_sshd.value_or(false) ||
      judged.outdated_ssh.value_or(false)) {
    return Risk::kOutdated;
  }
  switch (verdict.fate.kind) {
    case FateKind::kIdleKill:
      return Risk::kEndsIdle;
    case FateKind::kIntact:
      return Risk::kNone;
    default:
      return Risk::kUnclear;
  }
}

std::vector<JudgedSession> by_risk(std::vector<JudgedSession> all) {
  const auto order = [](const JudgedSession& judged) {
    const Session& session = judged.session;
    return std::tuple(risk_of(judged),
                      -sessions::wire_silence_at_most(session)
                           .value_or(sessions::milliseconds(0))
                           .count(),
                      session.socket.peer, session.socket.local);
  };
  std::sort(all.begin(), all.end(),
            [&](const JudgedSession& a, const JudgedSession& b) {
              return order(a) < order(b);
            });
  return all;
}

}  // namespace ssh_keepalive
