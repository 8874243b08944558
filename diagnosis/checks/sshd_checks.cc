// What is wrong in sshd's files, and whether sshd runs with them.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/openssh_syntax/pattern.h"
#include "diagnosis/checks/checks.h"
#include "diagnosis/checks/ends.h"
#include "diagnosis/remedies.h"
#include "diagnosis/texts.h"

namespace ssh_keepalive::diagnosis {
namespace {

using sshd_config::Instance;
using sshd_config::Line;
using sshd_config::Source;

FileLine place_of(const Source& source) {
  return {.file = source.file, .line = source.line};
}

std::string subject_of(const Instance& instance) {
  return "sshd " + instance.daemon +
         (instance.netns.is_host() ? "" : " in " + instance.netns.text());
}

bool is_in_use(const Instance& instance) {
  return instance.running.has_value() || instance.socket_activated;
}

// The instances whose files could be read; a host without sshd has none.
// Nothing: what sshd runs here is unknown.
std::optional<std::vector<const Instance*>> readable(const Facts& facts) {
  if (!facts.sshd_config) {
    return std::nullopt;
  }
  std::vector<const Instance*> instances;
  for (const Instance& instance : facts.sshd_config->instances) {
    if (instance.configuration) {
      instances.push_back(&instance);
    }
  }
  if (instances.empty() && !facts.sshd_config->instances.empty()) {
    return std::nullopt;
  }
  return instances;
}

const Line* line_at(const sshd_config::Document& document,
                    const Source& source) {
  const auto find = [&source](const sshd_config::File& file) -> const Line* {
    if (file.path != source.file) {
      return nullptr;
    }
    const auto line = std::ranges::find(file.lines, source.line, &Line::number);
    return line == file.lines.end() ? nullptr : &*line;
  };
  if (document.main != nullptr) {
    if (const Line* const line = find(*document.main)) {
      return line;
    }
  }
  for (const auto& [path, file] : document.included) {
    if (file.ok()) {
      if (const Line* const line = find(**file)) {
        return line;
      }
    }
  }
  return nullptr;
}

// The keyword of ssh that stands in sshd's file; empty: that is not the reason.
std::string_view wrong_keyword(const Instance& instance) {
  const auto& refusal = instance.configuration->globals.refusal;
  const Line* const line =
      refusal ? line_at(instance.configuration->document, refusal->source)
              : nullptr;
  return line == nullptr ? "" : line->client_keyword;
}

Remedy removal(const Facts& facts, const Instance& instance,
               const Source& source) {
  return {.action = Action::kRemove,
          .at = place_of(source),
          .text = "",
          .command = reload_command(instance),
          .managed_by = manager_of(facts, source.file)};
}

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
  const auto instances = readable(input.facts);
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

Findings setting_shadowed(const CheckInput& input) {
  const auto instances = readable(input.facts);
  if (!instances) {
    return std::nullopt;
  }
  std::vector<Finding> findings;
  for (const Instance* const instance : *instances) {
    const sshd_config::Effective& settings =
        instance->configuration->globals.effective;
    for (const sshd_config::Shadowed& one : settings.shadowed) {
      findings.push_back(
          {.check = {},
           .severity = Severity::kInfo,
           .subject = subject_of(*instance) + ", " + std::string(one.keyword),
           .observed = place_text(place_of(one.line)) +
                       " never acts: sshd takes the first line, " +
                       place_text(place_of(one.by)),
           .expected = "one line that sets it",
           .remedy = removal(input.facts, *instance, one.line)});
    }
    for (const sshd_config::Conditional& one : settings.conditional) {
      if (!one.looks_global) {
        continue;
      }
      findings.push_back(
          {.check = {},
           .severity = Severity::kWarning,
           .subject = subject_of(*instance) + ", " + std::string(one.keyword),
           .observed = place_text(place_of(one.line)) +
                       " looks as if it were for all, but belongs to the Match "
                       "of " +
                       place_text(place_of(one.block)),
           .expected = "the line above all Match blocks, or below a Match all",
           .remedy =
               Remedy{.action = Action::kAdd,
                      .at = place_of(one.line),
                      .text = "Match all",
                      .command = reload_command(*instance),
                      .managed_by = manager_of(input.facts, one.line.file)}});
    }
  }
  return findings;
}

Findings setting_wrong_side(const CheckInput& input) {
  const auto instances = readable(input.facts);
  if (!instances) {
    return std::nullopt;
  }
  std::vector<Finding> findings;
  for (const Instance* const instance : *instances) {
    const std::string_view keyword = wrong_keyword(*instance);
    if (keyword.empty()) {
      continue;
    }
    const Source& source = instance->configuration->globals.refusal->source;
    findings.push_back(
        {.check = {},
         .severity =
             is_in_use(*instance) ? Severity::kCritical : Severity::kWarning,
         .subject = subject_of(*instance) + ", " + std::string(keyword),
         .observed = place_text(place_of(source)) +
                     " is a setting of ssh, which sshd refuses",
         .expected = "settings of ssh in ssh_config; sshd has "
                     "ClientAliveInterval and ClientAliveCountMax",
         .remedy = removal(input.facts, *instance, source)});
  }
  return findings;
}

Findings channel_timeout_inert(const CheckInput& input) {
  const auto instances = readable(input.facts);
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
