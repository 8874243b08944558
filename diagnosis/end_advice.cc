#include "diagnosis/end_advice.h"

#include <algorithm>
#include <string_view>

#include "diagnosis/texts.h"

namespace ssh_keepalive::diagnosis {
namespace {

using sessions::Role;

std::string place_in(const std::optional<FileLine>& source) {
  return source ? " (" + place_text(*source) + ")" : "";
}

bool is_about(const Finding& finding, Role role) {
  return finding.subject.starts_with(role == Role::kServer ? "sshd " : "ssh ");
}

// The remedy of the check's finding on that end; empty: there is none.
std::string remedy_of(std::string_view check, Role role,
                      std::span<const Finding> findings) {
  const auto finding = std::ranges::find_if(findings, [&](const Finding& one) {
    return one.check == check && is_about(one, role) && one.remedy;
  });
  return finding == findings.end() ? ""
                                   : ": " + finding->remedy->text + " in " +
                                         plain_text(finding->remedy->at.file);
}

std::string earlier_refresh(const EndFacts& facts,
                            std::span<const Finding> findings) {
  return "a refresh before the path forgets" +
         remedy_of("refresh_too_late", facts.session.role, findings);
}

// Of the setting by which this end bears with a peer that does not answer.
std::string patience(const EndFacts& facts, EndCause cause) {
  const bool is_server = facts.session.role == Role::kServer;
  switch (cause) {
    case EndCause::kTcpKeepalive:
      return "net.ipv4.tcp_keepalive_probes or _intvl";
    case EndCause::kRetransmissionLimit:
      return "net.ipv4.tcp_retries2";
    default:
      return std::string(is_server ? "ClientAliveCountMax"
                                   : "ServerAliveCountMax") +
             (facts.verdict.messages_end
                  ? place_in(facts.verdict.messages_end->source)
                  : "");
  }
}

}  // namespace

std::string advice_on(const EndFacts& facts, const CauseOfEnd& end,
                      std::span<const Finding> findings) {
  const Fate& fate = facts.verdict.fate;
  switch (end.cause) {
    case EndCause::kReset:
      return fate.kind == FateKind::kLostByPath
                 ? earlier_refresh(facts, findings)
                 : "";
    case EndCause::kTcpKeepalive:
    case EndCause::kRetransmissionLimit:
    case EndCause::kSshKeepalive:
      return fate.kind == FateKind::kLostByPath
                 ? earlier_refresh(facts, findings)
                 : "a path that works, or more patience with one that does "
                   "not: a larger " +
                       patience(facts, end.cause);
    case EndCause::kChannelTimeout:
    case EndCause::kIdleKill:
      return "a longer limit" +
             place_in(fate.source ? fate.source : facts.earlier_fate.source);
    case EndCause::kClosed:
    case EndCause::kUnknown:
      break;
  }
  return "";
}

}  // namespace ssh_keepalive::diagnosis
