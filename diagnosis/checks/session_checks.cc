// What is odd about live sessions. Findings count them and name none.
#include <array>
#include <string>

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

std::string sessions_text(std::size_t count, std::string_view role) {
  return std::to_string(count) + " live " + std::string(role) + " session" +
         (count == 1 ? "" : "s");
}

// The first sshd whose files turn SO_KEEPALIVE off.
std::optional<Remedy> keepalive_remedy(const Facts& facts) {
  if (facts.sshd_config) {
    for (const sshd_config::Instance& instance : facts.sshd_config->instances) {
      if (instance.configuration && !instance.configuration->globals.refusal) {
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
  std::vector<Finding> findings;
  for (const Role role : {Role::kServer, Role::kClient}) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < input.sessions.size(); ++i) {
      const Session& session = input.facts.sessions->sessions[i];
      const auto& refresh = input.sessions[i].refresh;
      if (session.role == role && session.phase != sessions::Phase::kPreauth &&
          session.keepalive == sessions::Keepalive::kOff && refresh &&
          refresh->time.is_never()) {
        ++count;
      }
    }
    if (count == 0) {
      continue;
    }
    const bool is_guess = input.policy.path_source == PathSource::kAssumed;
    findings.push_back(
        {.check = {},
         .severity = is_guess ? Severity::kInfo : Severity::kWarning,
         .subject = sessions_text(count, name_of(role)),
         .observed = "SO_KEEPALIVE is off and no messages are sent: this end "
                     "refreshes nothing, and never learns of a peer that is "
                     "gone",
         .expected = "TCPKeepAlive yes, or messages of SSH",
         .remedy = role == Role::kServer ? keepalive_remedy(input.facts)
                                         : std::nullopt});
  }
  return findings;
}

Findings session_outdated(const CheckInput& input) {
  if (!are_known(input)) {
    return std::nullopt;
  }
  std::size_t by_sysctl = 0;
  std::size_t by_sshd = 0;
  for (const Session& session : input.facts.sessions->sessions) {
    by_sysctl += session.outdated_sysctl.value_or(false) ? 1 : 0;
  }
  for (const live_settings::Settings& settings : input.facts.live_settings) {
    by_sshd += settings.outdated_sshd.value_or(false) ? 1 : 0;
  }
  std::vector<Finding> findings;
  const auto add = [&findings](std::size_t count, std::string_view what,
                               std::string observed) {
    if (count > 0) {
      findings.push_back(
          {.check = {},
           .severity = Severity::kInfo,
           .subject = sessions_text(count, what),
           .observed = std::move(observed),
           .expected = "sessions under the settings of now: they get them when "
                       "they are opened anew",
           .remedy = std::nullopt});
    }
  };
  add(by_sysctl, "SSH",
      "their keepalive timers were armed under another tcp_keepalive_time or "
      "_intvl, which count until they fire");
  add(by_sshd, "server", "sshd's files have changed since they were accepted");
  return findings;
}

}  // namespace ssh_keepalive::diagnosis
