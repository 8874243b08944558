#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "diagnosis/layers.h"
#include "diagnosis/texts.h"
#include "exporter/cli/check.h"
#include "exporter/cli/session_cells.h"
#include "exporter/cli/session_table.h"
#include "exporter/report/report_json.h"

namespace ssh_keepalive {
namespace {

using diagnosis::Action;
using diagnosis::exactly;
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
  const bool is_ok = *gravest == Severity::kInfo;
  const std::string word = is_ok                            ? "OK"
                           : *gravest == Severity::kWarning ? "WARNING"
                                                            : "CRITICAL";
  const auto count = [&report](Severity severity) {
    return std::ranges::count(report.findings, severity, &Finding::severity);
  };
  std::vector<std::string> counts;
  for (const Severity severity :
       {Severity::kCritical, Severity::kWarning, Severity::kInfo}) {
    if (const auto number = count(severity); number > 0) {
      counts.push_back(fmt::format("{} {}", number, name_of(severity)));
    }
  }
  const auto evaluated = std::ranges::count(
      report.checks, true, &diagnosis::CheckOutcome::evaluated);
  return fmt::format(
      "{}: {} check{}, {}.\n", is_ok ? word : coloured(word, *gravest, colour),
      evaluated, evaluated == 1 ? "" : "s",
      counts.empty() ? "nothing found"
                     : fmt::format("{}", fmt::join(counts, ", ")));
}

std::string place_words(const Remedy& remedy) {
  const std::string place = place_text(remedy.at);
  switch (remedy.action) {
    case Action::kAdd:
      return remedy.at.line > 0 ? fmt::format("add before {}", place)
                                : fmt::format("add at the top of {}", place);
    case Action::kChange:
      return fmt::format("change {} to", place);
    case Action::kRemove:
      return fmt::format("remove {}", place);
    case Action::kReload:
    case Action::kRun:
      break;
  }
  return "";
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
  if (!remedy.managed_by.empty()) {
    add(fmt::format(
        "({} owns that file: change it there)",
        remedy.managed_by == "other" ? "some tool" : remedy.managed_by));
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

// What a layer does, in words, with its times.
std::string actions_of(const LayerTimes& layer) {
  std::vector<std::string> words;
  const auto add = [&words](const char* what,
                            const std::optional<diagnosis::TimeRange>& time) {
    if (time) {
      words.push_back(fmt::format(
          "{} {}", what,
          time->is_never() ? "never" : "after " + range_text(*time)));
    }
  };
  const bool is_off = layer.refresh && layer.refresh->is_never() &&
                      (!layer.dead_peer || layer.dead_peer->is_never()) &&
                      !layer.idle_kill;
  if (is_off) {
    return "off";
  }
  add("refreshes", layer.refresh);
  add("ends a dead peer's session", layer.dead_peer);
  add(layer.layer == diagnosis::Layer::kLoginGrace
          ? "ends a connection without a login"
          : "ends an unused session",
      layer.idle_kill);
  add("forgets a silent connection", layer.forgets);
  return fmt::format("{}", fmt::join(words, ", "));
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

// In the order in which things happen to a new session at that end.
std::string timeline_text(const diagnosis::ConfiguredEnd& end,
                          const Report& report) {
  struct Event {
    diagnosis::TimeRange time;
    std::string what;
  };
  std::vector<Event> events;
  const auto add = [&events](const std::optional<diagnosis::TimeOfLayer>& time,
                             const char* what) {
    if (time && !time->time.is_never()) {
      events.push_back(
          {time->time, fmt::format("{} {}", name_of(time->layer), what)});
    }
  };
  add(end.verdict.refresh, "refreshes it");
  add(end.verdict.dead_peer, "ends it, if its peer is gone");
  for (const diagnosis::Seconds forgets :
       {report.policy.path.idle_timeout,
        report.policy.path.bytes_idle_timeout}) {
    if (forgets != diagnosis::kNever) {
      events.push_back(
          {exactly(forgets), fmt::format("the path forgets it ({})",
                                         name_of(report.policy.path_source))});
    }
  }
  std::ranges::stable_sort(
      events, {}, [](const Event& event) { return event.time.earliest; });
  std::string text = fmt::format("\nAn idle session of {}\n",
                                 end.role == sessions::Role::kServer
                                     ? "sshd " + end.name
                                     : "ssh, profile " + end.name);
  for (const Event& event : events) {
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
  std::vector<std::string_view> missing;
  for (const diagnosis::CheckOutcome& check : report.checks) {
    if (!check.evaluated) {
      missing.push_back(check.name);
    }
  }
  if (!missing.empty()) {
    text += fmt::format("\nNot evaluated, for want of facts: {}\n",
                        fmt::join(missing, ", "));
  }
  return text;
}

}  // namespace ssh_keepalive
