#include "diagnosis/checks/sshds.h"

namespace ssh_keepalive::diagnosis {

FileLine place_of(const sshd_config::Source& source) {
  return {.file = source.file, .line = source.line};
}

std::string subject_of(const sshd_config::Instance& instance) {
  return "sshd " + instance.daemon +
         (instance.netns.is_host() ? "" : " in " + instance.netns.text());
}

bool is_in_use(const sshd_config::Instance& instance) {
  return instance.running.has_value() || instance.socket_activated;
}

std::optional<std::vector<const sshd_config::Instance*>> readable_sshds(
    const Facts& facts) {
  if (!facts.sshd_config) {
    return std::nullopt;
  }
  std::vector<const sshd_config::Instance*> instances;
  for (const sshd_config::Instance& instance : facts.sshd_config->instances) {
    if (instance.configuration) {
      instances.push_back(&instance);
    }
  }
  if (instances.empty() && !facts.sshd_config->instances.empty()) {
    return std::nullopt;
  }
  return instances;
}

}  // namespace ssh_keepalive::diagnosis
