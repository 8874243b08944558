// Lines that do not act, of sshd's files and of ssh's.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "diagnosis/checks/checks.h"
#include "diagnosis/checks/sshds.h"
#include "diagnosis/remedies.h"
#include "diagnosis/texts.h"

namespace ssh_keepalive::diagnosis {
namespace {

using sshd_config::Instance;
using sshd_config::Line;
using sshd_config::Source;

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

// Of ssh's files: they end no session, but ssh does not start.
std::vector<Finding> misplaced_findings(const Facts& facts) {
  std::vector<Finding> findings;
  for (const FileLine& place : facts.ssh_config->misplaced) {
    findings.push_back(
        {.check = {},
         .severity = Severity::kWarning,
         .subject = "ssh, " + place_text(place),
         .observed =
             place_text(place) + " is a setting of sshd, which ssh refuses",
         .expected = "settings of sshd in sshd_config; ssh has "
                     "ServerAliveInterval and ServerAliveCountMax",
         .remedy = Remedy{.action = Action::kRemove,
                          .at = place,
                          .text = "",
                          .command = "",
                          .managed_by = manager_of(facts, place.file)}});
  }
  return findings;
}

}  // namespace

Findings setting_shadowed(const CheckInput& input) {
  const auto instances = readable_sshds(input.facts);
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
  const auto instances = readable_sshds(input.facts);
  if (!instances && !input.facts.ssh_config) {
    return std::nullopt;
  }
  std::vector<Finding> findings;
  if (input.facts.ssh_config) {
    findings = misplaced_findings(input.facts);
  }
  for (const Instance* const instance :
       instances.value_or(std::vector<const Instance*>())) {
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

}  // namespace ssh_keepalive::diagnosis
