#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "diagnosis/layers.h"
#include "diagnosis/texts.h"
#include "exporter/cli/check.h"
#include "exporter/report/report_json.h"
#include "exporter/report/report_words.h"
#include "exporter/report/session_cells.h"
#include "exporter/report/session_risk.h"

namespace ssh_keepalive {
namespace {

using diagnosis::Finding;
using diagnosis::LayerTimes;
using diagnosis::place_text;
using diagnosis::plain_text;
using diagnosis::Remedy;
using diagnosis::Report;
using diagnosis::Severity;

constexpr std::string_view kPlain = "\033[0m";

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::kCritical:
      return "\033[31m";
    case Severity::kWarning:
      return "\033[33m";
    case Severity::kInfo:
      break;
  }
  return "\033[36m";
}

std::string coloured(std::string_view text, Severity severity, bool colour) {
  return colour ? fmt::format("{}{}{}", colour_of(severity), text, kPlain)
                : std::string(text);
}

std::string verdict_line(const Report& report, bool colour) {
  const auto gravest = verdict_of(report);
  if (!gravest) {
    return "UNKNOWN: too little of this host could be read.\n";
  }
  const std::string word(verdict_word(report));
  return fmt::format(
      "{}: {}.\n",
      *gravest == Severity::kInfo ? word : coloured(word, *gravest, colour),
      checks_text(report));
}

std::string remedy_text(const Remedy& remedy) {
  std::string text;
  std::string_view label = "fix";
  const auto add = [&](const std::string& line) {
    text += fmt::format("  {:<9}{}\n", label, line);
    label = "";
  };
  const std::string words = place_words(remedy);
  if (!words.empty()) {
    add(words);
  }
  if (!remedy.text.empty()) {
    add((words.empty() ? "" : "    ") + plain_text(remedy.text));
  }
  if (!remedy.command.empty()) {
    add((label.empty() ? "then " : "") + plain_text(remedy.command));
  }
  if (const std::string manager = manager_words(remedy); !manager.empty()) {
    add("(" + manager + ")");
  }
  return text;
}

std::string finding_text(const Finding& finding, bool colour) {
  std::string word(name_of(finding.severity));
  std::ranges::transform(word, word.begin(), [](unsigned char c) {
    return static_cast<char>(std::toupper(c));
  });
  return fmt::format("\n{}  {}  {}\n  is       {}\n  should   {}\n{}",
                     coloured(word, finding.severity, colour), finding.check,
                     finding.subject, finding.observed, finding.expected,
                     finding.remedy ? remedy_text(*finding.remedy) : "");
}

std::string layers_text(const std::vector<LayerTimes>& layers) {
  std::size_t name_width = 0;
  std::size_t subject_width = 0;
  for (const LayerTimes& layer : layers) {
    name_width = std::max(name_width, name_of(layer.layer).size());
    subject_width = std::max(subject_width, layer.subject.size());
  }
  std::string text = "\nWhat each layer does to a new session\n";
  for (const LayerTimes& layer : layers) {
    text += fmt::format(
        "  {:<{}}  {:<{}}  {}{}\n", name_of(layer.layer), name_width,
        layer.subject, subject_width, actions_of(layer),
        layer.source ? "  (" + place_text(*layer.source) + ")" : "");
  }
  return text;
}

std::string timeline_text(const diagnosis::ConfiguredEnd& end,
                          const Report& report) {
  std::string text = "\n" + title_of(end) + "\n";
  for (const Event& event : timeline_of(end, report)) {
    text += fmt::format("  {:>18}  {}\n", range_text(event.time), event.what);
  }
  return text;
}

std::string when_text(diagnosis::LineOf of) {
  switch (of) {
    case diagnosis::LineOf::kSysctl:
      return "At once, but for keepalive timers that run already: they count "
             "until they fire.";
    case diagnosis::LineOf::kSshd:
      return "For sessions that are opened once sshd has read it.";
    case diagnosis::LineOf::kSsh:
      return "For sessions that are opened from then on.";
    case diagnosis::LineOf::kSshdAndSsh:
      break;
  }
  return "For sessions that are opened once sshd and ssh have read it.";
}

std::string findings_list(std::string_view title,
                          const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += fmt::format("  {}  {}  {}  {}\n", title, name_of(finding.severity),
                        finding.check, finding.subject);
  }
  return text;
}

}  // namespace

std::string comparison_text(const Comparison& comparison, bool colour) {
  const std::string verdict_before(verdict_text(comparison.before));
  const std::string verdict(verdict_text(comparison.after));
  const auto gravest = verdict_of(comparison.after);
  std::string text = fmt::format("With \"{}\": {} (now {}).\n{}\n\nFindings\n",
                                 comparison.line,
                                 gravest && *gravest > Severity::kInfo
                                     ? coloured(verdict, *gravest, colour)
                                     : verdict,
                                 verdict_before, when_text(comparison.of));
  const std::string changes =
      findings_list("gone", only_in(comparison.before, comparison.after)) +
      findings_list("new ", only_in(comparison.after, comparison.before));
  text += changes.empty() ? "  no change\n" : changes;
  text += comparison.of == diagnosis::LineOf::kSysctl
              ? "\nLive sessions\n"
              : "\nLive sessions, were they opened with it\n";
  const std::vector<std::size_t> changed = changed_sessions(comparison);
  for (const std::size_t i : changed) {
    diagnosis::JudgedSession judged{
        .session = comparison.facts.sessions->sessions[i],
        .verdict = comparison.after.sessions[i],
        .outdated_sshd = {},
        .outdated_ssh = {}};
    const std::string after = cells_of(judged).at(kFate);
    judged.verdict = comparison.before.sessions[i];
    const Row now = cells_of(judged);
    text += fmt::format("  {} {} {}: {}; now: {}\n", now.at(kRole),
                        now.at(kUser), now.at(kPeer), after, now.at(kFate));
  }
  return text + (changed.empty() ? "  no change\n" : "");
}

std::string check_text(const Facts& facts, const Report& report, bool colour) {
  std::string text = verdict_line(report, colour);
  if (facts.sessions && facts.sessions->source != sessions::Source::kNone) {
    text += fmt::format("{}.\n", summary_of(judged_sessions(facts, report)));
  }
  for (const Finding& finding : report.findings) {
    text += finding_text(finding, colour);
  }
  for (const diagnosis::ConfiguredEnd& end : report.configured) {
    text += timeline_text(end, report);
  }
  text += layers_text(layers_of(facts, report));
  const std::vector<std::string_view> missing = not_evaluated(report);
  if (!missing.empty()) {
    text += fmt::format("\nNot evaluated, for want of facts: {}\n",
                        fmt::join(missing, ", "));
  }
  return text;
}

}  // namespace ssh_keepalive
