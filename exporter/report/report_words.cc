#include "exporter/report/report_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "diagnosis/texts.h"

namespace ssh_keepalive {

using diagnosis::Action;
using diagnosis::Finding;
using diagnosis::LayerTimes;
using diagnosis::place_text;
using diagnosis::Remedy;
using diagnosis::Report;
using diagnosis::Severity;

std::string_view verdict_word(const Report& report) {
  const auto gravest = verdict_of(report);
  if (!gravest) {
    return "UNKNOWN";
  }
  switch (*gravest) {
    case Severity::kCritical:
      return "CRITICAL";
    case Severity::kWarning:
      return "WARNING";
    case Severity::kInfo:
      break;
  }
  return "OK";
}

std::string checks_text(const Report& report) {
  std::vector<std::string> counts;
  for (const Severity severity :
       {Severity::kCritical, Severity::kWarning, Severity::kInfo}) {
    const auto number =
        std::ranges::count(report.findings, severity, &Finding::severity);
    if (number > 0) {
      counts.push_back(fmt::format("{} {}", number, name_of(severity)));
    }
  }
  const auto evaluated = std::ranges::count(
      report.checks, true, &diagnosis::CheckOutcome::evaluated);
  return fmt::format("{} check{}, {}", evaluated, evaluated == 1 ? "" : "s",
                     counts.empty()
                         ? "nothing found"
                         : fmt::format("{}", fmt::join(counts, ", ")));
}

std::vector<std::string_view> not_evaluated(const Report& report) {
  std::vector<std::string_view> missing;
  for (const diagnosis::CheckOutcome& check : report.checks) {
    if (!check.evaluated) {
      missing.push_back(check.name);
    }
  }
  return missing;
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

std::string manager_words(const Remedy& remedy) {
  return remedy.managed_by.empty()
             ? ""
             : fmt::format("{} owns that file: change it there",
                           remedy.managed_by == "other" ? "some tool"
                                                        : remedy.managed_by);
}

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
  if (is_off(layer)) {
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

std::string title_of(const diagnosis::ConfiguredEnd& end) {
  return "An idle session of " + program_of(end);
}

std::vector<Event> timeline_of(const diagnosis::ConfiguredEnd& end,
                               const Report& report) {
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
      events.push_back({diagnosis::exactly(forgets),
                        fmt::format("the path forgets it ({})",
                                    name_of(report.policy.path_source))});
    }
  }
  std::ranges::stable_sort(
      events, {}, [](const Event& event) { return event.time.earliest; });
  return events;
}

}  // namespace ssh_keepalive
