// What a compliance profile demands. None of them ends idle users by
// ClientAlive: a healthy client answers.
#include <string>

#include "diagnosis/checks/checks.h"
#include "diagnosis/checks/ends.h"
#include "diagnosis/remedies.h"
#include "diagnosis/texts.h"

namespace ssh_keepalive::diagnosis {
namespace {

void add_alive(const CheckInput& input, const ConfiguredEnd& end,
               std::vector<Finding>& findings) {
  const ComplianceProfile& profile = *input.policy.compliance;
  const auto& settings = end.instance->configuration->globals.effective;
  const int interval = settings.client_alive_interval_seconds.value;
  const int count = settings.client_alive_count_max.value;
  const auto longest = profile.client_alive_interval.count();
  const std::string name(profile.name);
  if (interval <= 0 || interval > longest) {
    findings.push_back(
        {.check = {},
         .severity = Severity::kWarning,
         .subject = subject_of(end) + ", clientaliveinterval",
         .observed = "it is " + std::to_string(interval),
         .expected = "1 to " + std::to_string(longest) + " (" + name + ")",
         .remedy = interval_remedy(input.facts, end, longest)});
  }
  if (count <= 0 || count > profile.client_alive_count_max) {
    findings.push_back(
        {.check = {},
         .severity = Severity::kWarning,
         .subject = subject_of(end) + ", clientalivecountmax",
         .observed = "it is " + std::to_string(count),
         .expected = "1 to " + std::to_string(profile.client_alive_count_max) +
                     " (" + name + ")",
         .remedy = count_max_remedy(input.facts, end,
                                    profile.client_alive_count_max)});
  }
}

void add_shell(const CheckInput& input, std::vector<Finding>& findings) {
  const ComplianceProfile& profile = *input.policy.compliance;
  const shell_timeout::Limit& bash = input.facts.host->shell_timeout.bash;
  if (bash.timeout && *bash.timeout <= *profile.shell_timeout) {
    return;
  }
  const std::string seconds = std::to_string(profile.shell_timeout->count());
  Remedy remedy{.action = Action::kAdd,
                .at = {.file = "/etc/profile.d/tmout.sh", .line = 0},
                .text = "readonly TMOUT=" + seconds + "; export TMOUT",
                .command = "",
                .managed_by = ""};
  if (bash.timeout && bash.source) {
    remedy.action = Action::kChange;
    remedy.at = *bash.source;
    remedy.managed_by = manager_of(input.facts, bash.source->file);
  }
  findings.push_back(
      {.check = {},
       .severity = Severity::kWarning,
       .subject = "the shell's TMOUT",
       .observed = bash.timeout
                       ? "it is " + std::to_string(bash.timeout->count())
                       : std::string(bash.uncertain ? "it may not be set"
                                                    : "it is not set"),
       .expected = "1 to " + seconds + " (" + std::string(profile.name) + ")",
       .remedy = std::move(remedy)});
}

}  // namespace

// Without a profile nothing is demanded.
Findings compliance_unmet(const CheckInput& input) {
  std::vector<Finding> findings;
  if (input.policy.compliance == nullptr) {
    return findings;
  }
  bool evaluated = false;
  for (const ConfiguredEnd& end : input.configured) {
    if (end.instance != nullptr) {
      evaluated = true;
      add_alive(input, end, findings);
    }
  }
  if (input.facts.host && input.policy.compliance->shell_timeout) {
    evaluated = true;
    add_shell(input, findings);
  }
  return evaluated ? Findings(std::move(findings)) : std::nullopt;
}

Findings compliance_conflict(const CheckInput& input) {
  const ComplianceProfile* const profile = input.policy.compliance;
  std::vector<Finding> findings;
  if (profile != nullptr && profile->shell_timeout &&
      Seconds(*profile->shell_timeout) < input.policy.minimum_idle) {
    findings.push_back(
        {.check = {},
         .severity = Severity::kInfo,
         .subject = std::string(profile->name),
         .observed = "it demands that shells log users out after a pause of " +
                     std::to_string(profile->shell_timeout->count()) +
                     " s; its ClientAlive settings end no idle user, since a "
                     "healthy client answers",
         .expected = "[policy] minimum_idle wants pauses of " +
                     seconds_text(input.policy.minimum_idle) + " to survive",
         .remedy = std::nullopt});
  }
  return findings;
}

}  // namespace ssh_keepalive::diagnosis
