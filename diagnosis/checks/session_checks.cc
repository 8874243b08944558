// What is odd about live sessions. Findings count them and name none.
#include <array>
#include <string>
#include <utility>

#include "diagnosis/checks/checks.h"
#include "diagnosis/remedies.h"

namespace ssh_keepalive::diagnosis {
namespace {

using sessions::Role;
using sessions::Session;

bool are_known(const CheckInput& input) {
  return input.facts.sessions &&
         input.facts.sessions->source != sessions::Source::kNone;
}

// The same however many there are, so that it stays one finding.
std::string subject_of(std::string_view role) {
  return "live " + std::string(role) + " sessions";
}

std::string count_text(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " session: " : " sessions: ");
}

// By anything of this end. Nothing: what it sends is unknown.
std::optional<bool> is_refreshed(const Session& session,
                                 const SessionVerdict& verdict) {
  if (session.keepalive == sessions::Keepalive::kOn) {
    return true;
  }
  if (!verdict.refresh) {
    return std::nullopt;
  }
  return session.keepalive != sessions::Keepalive::kOff ||
         !verdict.refresh->time.is_never();
}

// The first sshd of that namespace whose files turn SO_KEEPALIVE off.
std::optional<Remedy> keepalive_remedy(const Facts& facts,
                                       const netns::Name& netns) {
  if (facts.sshd_config) {
    for (const sshd_config::Instance& instance : facts.sshd_config->instances) {
      if (instance.netns == netns && instance.configuration &&
          !instance.configuration->globals.refusal) {
        const auto& setting =
            instance.configuration->globals.effective.tcp_keepalive;
        if (!setting.value) {
          return sshd_remedy(facts, instance, setting.source,
                             "TCPKeepAlive yes");
        }
      }
    }
  }
  return std::nullopt;
}

}  // namespace

Findings keepalive_off_on_session(const CheckInput& input) {
  if (!are_known(input)) {
    return std::nullopt;
  }
  std::size_t unknown = 0;
  std::size_t known = 0;
  std::vector<Finding> findings;
  for (const Role role : {Role::kServer, Role::kClient}) {
    std::size_t count = 0;
    const netns::Name* where = nullptr;  // the first of them
    for (std::size_t i = 0; i < input.sessions.size(); ++i) {
      const Session& session = input.facts.sessions->sessions[i];
      if (session.role != role || session.phase == sessions::Phase::kPreauth) {
        continue;
      }
      const auto refreshed = is_refreshed(session, input.sessions[i]);
      (refreshed ? known : unknown) += 1;
      if (refreshed == false) {
        ++count;
        where = where == nullptr ? &session.netns : where;
      }
    }
    if (count == 0) {
      continue;
    }
    const bool is_guess = input.policy.path_source == PathSource::kAssumed;
    findings.push_back(
        {.check = {},
         .severity = is_guess ? Severity::kInfo : Severity::kWarning,
         .subject = subject_of(name_of(role)),
         .observed = count_text(count) +
                     "SO_KEEPALIVE is off and no messages are sent, so that "
                     "this end refreshes nothing and never learns of a peer "
                     "that is gone",
         .expected = "TCPKeepAlive yes, or messages of SSH",
         .remedy = role == Role::kServer ? keepalive_remedy(input.facts, *where)
                                         : std::nullopt});
  }
  return known > 0 || unknown == 0 ? Findings(std::move(findings))
                                   : std::nullopt;
}

Findings session_outdated(const CheckInput& input) {
  if (!are_known(input)) {
    return std::nullopt;
  }
  std::size_t by_sysctl = 0;
  std::size_t by_sshd = 0;
  std::size_t by_ssh = 0;
  bool evaluated = input.facts.sessions->sessions.empty();
  for (const Session& session : input.facts.sessions->sessions) {
    evaluated = evaluated || session.outdated_sysctl.has_value();
    by_sysctl += session.outdated_sysctl.value_or(false) ? 1 : 0;
  }
  for (const live_settings::Settings& settings : input.facts.live_settings) {
    evaluated = evaluated || settings.outdated_sshd || settings.outdated_ssh;
    by_sshd += settings.outdated_sshd.value_or(false) ? 1 : 0;
    by_ssh += settings.outdated_ssh.value_or(false) ? 1 : 0;
  }
  if (!evaluated) {
    return std::nullopt;
  }
  std::vector<Finding> findings;
  const auto add = [&findings](std::size_t count, std::string_view what,
                               std::string_view observed) {
    if (count > 0) {
      findings.push_back(
          {.check = {},
           .severity = Severity::kInfo,
           .subject = subject_of(what),
           .observed = count_text(count) + std::string(observed),
           .expected = "sessions under the settings of now: they get them when "
                       "they are opened anew",
           .remedy = std::nullopt});
    }
  };
  add(by_sysctl, "SSH",
      "the keepalive timer was armed under another tcp_keepalive_time or "
      "_intvl, which count until it fires");
  add(by_sshd, "server", "sshd's files have changed since it was accepted");
  add(by_ssh, "client", "ssh's files have changed since it was started");
  return findings;
}

}  // namespace ssh_keepalive::diagnosis
