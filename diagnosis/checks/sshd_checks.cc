// Whether sshd takes its files, runs with them, and acts by them.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/openssh_syntax/pattern.h"
#include "diagnosis/checks/checks.h"
#include "diagnosis/checks/sshds.h"
#include "diagnosis/remedies.h"
#include "diagnosis/texts.h"

namespace ssh_keepalive::diagnosis {
namespace {

using sshd_config::Instance;

// All kinds of channels of channels.c and session.c; subsystems have any name.
constexpr std::array<std::string_view, 9> kChannels = {
    "agent-connection",
    "direct-tcpip",
    "direct-streamlocal@openssh.com",
    "forwarded-tcpip",
    "forwarded-streamlocal@openssh.com",
    "session:command",
    "session:shell",
    "tun-connection",
    "x11-connection"};

bool matches_a_channel(std::string_view pattern, openssh::Release release) {
  constexpr openssh::Release kFirstWithGlobal{9, 7};
  constexpr std::string_view kGlobal = "global";
  constexpr std::string_view kSubsystem = "session:subsystem:";
  if (pattern == kGlobal) {
    return release >= kFirstWithGlobal;
  }
  return pattern.starts_with(kSubsystem) ||
         openssh::match_pattern("session:subsystem:sftp", pattern) ||
         std::ranges::any_of(kChannels, [&](std::string_view channel) {
           return openssh::match_pattern(channel, pattern);
         });
}

// The words with those patterns that match no session made to do so; empty
// where that is not what is wrong.
std::string with_sessions(const std::vector<std::string>& words) {
  constexpr std::string_view kSession = "session=";
  std::string text = "ChannelTimeout";
  bool changed = false;
  for (const std::string& word : words) {
    const bool is_session = word.starts_with(kSession);
    changed = changed || is_session;
    text +=
        " " + (is_session ? "session:*=" + word.substr(kSession.size()) : word);
  }
  return changed ? text : "";
}

}  // namespace

Findings sshd_config_invalid(const CheckInput& input) {
  const auto instances = readable_sshds(input.facts);
  if (!instances) {
    return std::nullopt;
  }
  std::vector<Finding> findings;
  for (const Instance* const instance : *instances) {
    const auto& refusal = instance->configuration->globals.refusal;
    if (!refusal) {
      continue;
    }
    const FileLine place = place_of(refusal->source);
    findings.push_back(
        {.check = {},
         .severity =
             is_in_use(*instance) ? Severity::kCritical : Severity::kWarning,
         .subject = subject_of(*instance),
         .observed = "sshd refuses " + place_text(place) + ": " +
                     refusal->reason + ", and would not start again",
         .expected = "a configuration that sshd -t takes",
         .remedy =
             Remedy{.action = Action::kRun,
                    .at = {},
                    .text = "correct or remove " + place_text(place),
                    .command = "sshd -t -f " + instance->configuration->file,
                    .managed_by = manager_of(input.facts, place.file)}});
  }
  return findings;
}

Findings sshd_config_stale(const CheckInput& input) {
  if (!input.facts.sshd_config) {
    return std::nullopt;
  }
  std::vector<Finding> findings;
  bool evaluated = true;
  for (const Instance& instance : input.facts.sshd_config->instances) {
    if (!instance.running || !instance.configuration) {
      continue;
    }
    evaluated = evaluated && instance.stale.has_value();
    if (instance.stale.value_or(false)) {
      findings.push_back(
          {.check = {},
           .severity = Severity::kWarning,
           .subject = subject_of(instance),
           .observed = "its files have changed since it read them",
           .expected = "a daemon that runs with what its files say",
           .remedy = Remedy{.action = Action::kReload,
                            .at = {},
                            .text = "",
                            .command = reload_command(instance),
                            .managed_by = ""}});
    }
  }
  return evaluated || !findings.empty() ? Findings(std::move(findings))
                                        : std::nullopt;
}

Findings channel_timeout_inert(const CheckInput& input) {
  const auto instances = readable_sshds(input.facts);
  if (!instances) {
    return std::nullopt;
  }
  std::vector<Finding> findings;
  for (const Instance* const instance : *instances) {
    const openssh::Release release =
        instance->configuration->document.version.release;
    const auto& timeouts =
        instance->configuration->globals.effective.channel_timeouts;
    for (const std::string& word : timeouts.value) {
      const std::size_t equals = word.find('=');
      if (equals == std::string::npos ||
          matches_a_channel(word.substr(0, equals), release)) {
        continue;
      }
      const std::string better = with_sessions(timeouts.value);
      Finding finding{
          .check = {},
          .severity = Severity::kWarning,
          .subject = subject_of(*instance) + ", channeltimeout",
          .observed = "\"" + plain_text(word) + "\" matches no channel" +
                      (timeouts.source
                           ? " (" + place_text(place_of(*timeouts.source)) + ")"
                           : ""),
          .expected =
              "session:* for all sessions: shells are session:shell, "
              "commands session:command, subsystems "
              "session:subsystem:NAME",
          .remedy = std::nullopt};
      if (word.starts_with("session=") && timeouts.source) {
        finding.remedy =
            sshd_remedy(input.facts, *instance, timeouts.source, better);
      }
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

}  // namespace ssh_keepalive::diagnosis
