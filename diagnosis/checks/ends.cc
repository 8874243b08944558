#include "diagnosis/checks/ends.h"

#include <utility>

#include "diagnosis/remedies.h"
#include "diagnosis/ssh_lifetime.h"

namespace ssh_keepalive::diagnosis {

Findings for_each_end(
    const CheckInput& input,
    const std::function<bool(const ConfiguredEnd& end,
                             std::vector<Finding>& findings)>& look) {
  std::vector<Finding> findings;
  bool evaluated = false;
  for (const ConfiguredEnd& end : input.configured) {
    evaluated = look(end, findings) || evaluated;
  }
  return evaluated ? Findings(std::move(findings)) : std::nullopt;
}

std::string subject_of(const ConfiguredEnd& end) {
  if (end.instance != nullptr) {
    return "sshd " + end.name +
           (end.netns.is_host() ? "" : " in " + end.netns.text());
  }
  return "ssh to " +
         (end.name == ssh_config::kDefaultProfile ? "any host" : end.name) +
         (end.user_file.empty() ? "" : " with " + end.user_file);
}

bool doubles_client_alive(const ConfiguredEnd& end) {
  return end.instance != nullptr && end.instance->configuration &&
         is_doubled(end.instance->configuration->document.version.release);
}

Remedy interval_remedy(const Facts& facts, const ConfiguredEnd& end,
                       std::int64_t seconds) {
  const std::string value = std::to_string(seconds);
  if (end.instance != nullptr) {
    const auto& effective = end.instance->configuration->globals.effective;
    return sshd_remedy(facts, *end.instance,
                       effective.client_alive_interval_seconds.source,
                       "ClientAliveInterval " + value);
  }
  return ssh_remedy(facts, end.profile->interval_source,
                    "ServerAliveInterval " + value);
}

Remedy count_max_remedy(const Facts& facts, const ConfiguredEnd& end,
                        std::int64_t count) {
  const std::string value = std::to_string(count);
  if (end.instance != nullptr) {
    const auto& effective = end.instance->configuration->globals.effective;
    return sshd_remedy(facts, *end.instance,
                       effective.client_alive_count_max.source,
                       "ClientAliveCountMax " + value);
  }
  return ssh_remedy(facts, end.profile->count_max_source,
                    "ServerAliveCountMax " + value);
}

}  // namespace ssh_keepalive::diagnosis
