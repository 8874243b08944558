#include "exporter/report/session_risk.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

namespace ssh_keepalive {

using diagnosis::FateKind;
using diagnosis::JudgedSession;
using sessions::Keepalive;
using sessions::Session;
using sessions::TcpState;
using sessions::TimerKind;

namespace {

std::string_view text_of(Risk risk) {
  switch (risk) {
    case Risk::kPeerSilent:
      return "unanswered";
    case Risk::kPeerLeft:
      return "closed by the peer";
    case Risk::kPeerStuck:
      return "stuck";
    case Risk::kLostByPath:
      return "lost by the path";
    case Risk::kUnrefreshed:
      return "without keepalive";
    case Risk::kOutdated:
      return "outdated";
    case Risk::kEndsIdle:
      return "ended when idle";
    case Risk::kUnclear:
      return "of unknown fate";
    case Risk::kNone:
      break;
  }
  return {};
}

}  // namespace

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

std::string summary_of(const std::vector<JudgedSession>& all) {
  std::map<sessions::Role, int> roles;
  std::map<Risk, int> risks;
  for (const JudgedSession& session : all) {
    ++roles[session.session.role];
    ++risks[risk_of(session)];
  }
  std::vector<std::string> by_role;
  by_role.reserve(roles.size());
  for (const auto& [role, count] : roles) {
    by_role.push_back(fmt::format("{} {}", count, name_of(role)));
  }
  risks.erase(Risk::kNone);
  std::vector<std::string> dangers;
  dangers.reserve(risks.size());
  for (const auto& [risk, count] : risks) {
    dangers.push_back(fmt::format("{} {}", count, text_of(risk)));
  }
  std::string text =
      fmt::format("{} session{}", all.size(), all.size() == 1 ? "" : "s");
  if (!by_role.empty()) {
    text += fmt::format(" ({})", fmt::join(by_role, ", "));
  }
  if (!dangers.empty()) {
    text += fmt::format(", of which {}", fmt::join(dangers, ", "));
  }
  return text;
}

}  // namespace ssh_keepalive
