#include "diagnosis/remedies.h"

#include <algorithm>
#include <utility>

namespace ssh_keepalive::diagnosis {
namespace {

constexpr std::string_view kSshdDropIns = "/etc/ssh/sshd_config.d/*.conf";
// Before all others there: the first line wins.
constexpr const char* kSshdDropIn = "/etc/ssh/sshd_config.d/00-keepalive.conf";
constexpr const char* kSshDropIn = "/etc/ssh/ssh_config.d/00-keepalive.conf";
constexpr const char* kSysctlDropIn = "/etc/sysctl.d/60-ssh-keepalive.conf";

bool begins_with_drop_ins(const sshd_config::Document& document) {
  if (document.main == nullptr || document.main->lines.empty()) {
    return false;
  }
  const sshd_config::Line& first = document.main->lines.front();
  return first.keyword &&
         first.keyword->keyword == sshd_config::Keyword::kInclude &&
         first.arguments && !first.arguments->empty() &&
         sshd_config::include_pattern(first.arguments->front()) == kSshdDropIns;
}

}  // namespace

std::string manager_of(const Facts& facts, std::string_view file) {
  if (!facts.host) {
    return "";
  }
  const auto found = facts.host->managed_by.find(file);
  return found == facts.host->managed_by.end() ? ""
                                               : std::string(found->second);
}

std::string reload_command(const sshd_config::Instance& instance) {
  constexpr std::string_view kService = ".service";
  if (!instance.running) {
    return "";
  }
  const std::string& unit = instance.running->unit;
  if (unit.ends_with(kService) && instance.netns.is_host()) {
    return "systemctl reload " + unit;
  }
  return "kill -HUP " + std::to_string(instance.running->process.pid);
}

Remedy sshd_remedy(const Facts& facts, const sshd_config::Instance& instance,
                   const std::optional<sshd_config::Source>& current,
                   std::string text) {
  Remedy remedy{.action = current ? Action::kChange : Action::kAdd,
                .at = {},
                .text = std::move(text),
                .command = reload_command(instance),
                .managed_by = ""};
  if (current) {
    remedy.at = {.file = current->file, .line = current->line};
  } else if (instance.configuration) {
    remedy.at.file = begins_with_drop_ins(instance.configuration->document)
                         ? kSshdDropIn
                         : instance.configuration->file;
  }
  remedy.managed_by = manager_of(facts, remedy.at.file);
  return remedy;
}

Remedy ssh_remedy(const Facts& facts, const std::optional<FileLine>& current,
                  std::string text) {
  Remedy remedy{.action = current ? Action::kChange : Action::kAdd,
                .at = {},
                .text = std::move(text),
                .command = "",
                .managed_by = ""};
  if (current) {
    remedy.at = *current;
  } else {
    remedy.at.file = facts.host && facts.host->ssh_config_has_drop_ins
                         ? kSshDropIn
                         : "/etc/ssh/ssh_config";
  }
  remedy.managed_by = manager_of(facts, remedy.at.file);
  return remedy;
}

Remedy sysctl_remedy(const Facts& facts, std::string_view name,
                     std::int64_t value) {
  Remedy remedy{.action = Action::kAdd,
                .at = {.file = kSysctlDropIn, .line = 0},
                .text = std::string(name) + " = " + std::to_string(value),
                .command = "",
                .managed_by = ""};
  if (facts.host) {
    const auto& settings = facts.host->sysctl_files.settings;
    const auto setting =
        std::ranges::find(settings, name, &sysctl::FileSetting::name);
    if (setting != settings.end() && setting->source) {
      remedy.action = Action::kChange;
      remedy.at = *setting->source;
    }
  }
  remedy.command = "sysctl -p " + remedy.at.file;
  remedy.managed_by = manager_of(facts, remedy.at.file);
  return remedy;
}

}  // namespace ssh_keepalive::diagnosis
