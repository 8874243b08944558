#include "exporter/cli/sessions.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "exporter/report/json_values.h"
#include "exporter/report/session_risk.h"
#include "exporter/report/sessions_json.h"

namespace ssh_keepalive {
namespace {

using diagnosis::JudgedSession;
using diagnosis::Report;
using sessions::Source;

constexpr std::string_view kNothingKnown =
    "Nothing is known of SSH connections: this host's sockets can not be read.";
constexpr std::string_view kOnlyProc =
    "Read from /proc/net/tcp, which does not tell how silent they are.";

std::string no_sessions_text(const sessions::Facts& facts) {
  if (facts.source == Source::kNone) {
    return std::string(kNothingKnown);
  }
  if (facts.listening_ports.empty()) {
    return "No SSH connections. Nothing listens on a port of SSH.";
  }
  return fmt::format("No SSH connections. This host listens on port {}.",
                     fmt::join(facts.listening_ports, ", "));
}

// Lines of at most `width` letters, broken between words.
std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (text.size() > width) {
    const std::size_t space = text.rfind(' ', width);
    const bool breaks = space != std::string_view::npos && space > 0;
    lines.emplace_back(text.substr(0, breaks ? space : width));
    text.remove_prefix(breaks ? space + 1 : width);
  }
  lines.emplace_back(text);
  return lines;
}

// What else a reader must know of the table.
std::string notes_of(const std::vector<JudgedSession>& all, const Facts& facts,
                     const Report& report) {
  std::string notes;
  if (facts.sessions->source == Source::kProcNetTcp) {
    notes += fmt::format(" {}", kOnlyProc);
  }
  const bool is_guess =
      report.policy.path_source == diagnosis::PathSource::kAssumed;
  if (is_guess && std::ranges::any_of(all, [](const JudgedSession& one) {
        return one.verdict.fate.kind == diagnosis::FateKind::kLostByPath;
      })) {
    notes += fmt::format(
        " That the path forgets after {:g} s of silence is assumed: [policy] "
        "path_idle_timeout sets it.",
        report.policy.path.idle_timeout.count());
  }
  return notes;
}

TableLayout with_policy(TableLayout layout, const Report& report) {
  layout.path_is_assumed =
      report.policy.path_source == diagnosis::PathSource::kAssumed;
  return layout;
}

}  // namespace

std::string sessions_text(const SessionsOptions& options, const Facts& facts,
                          const Report& report) {
  const std::vector<JudgedSession> ordered =
      by_risk(judged_sessions(facts, report));
  if (options.format == OutputFormat::kJson) {
    return text_of(sessions_json(ordered), options.on_one_line);
  }
  if (ordered.empty()) {
    return no_sessions_text(*facts.sessions) + '\n';
  }
  const TableLayout layout = with_policy(options.layout, report);
  return fmt::format("{}\n\n{}.{}\n",
                     fmt::join(table_lines(ordered, layout), "\n"),
                     summary_of(ordered), notes_of(ordered, facts, report));
}

std::vector<std::string> sessions_screen(const TableLayout& layout,
                                         std::size_t height, const Facts& facts,
                                         const Report& report) {
  const std::vector<JudgedSession> ordered =
      by_risk(judged_sessions(facts, report));
  const std::string head =
      ordered.empty()
          ? no_sessions_text(*facts.sessions)
          : summary_of(ordered) + "." + notes_of(ordered, facts, report);
  std::vector<std::string> lines =
      wrap(head, std::max<std::size_t>(layout.width.value_or(head.size()), 1));
  if (!ordered.empty()) {
    lines.emplace_back();
    std::ranges::move(table_lines(ordered, with_policy(layout, report)),
                      std::back_inserter(lines));
  }
  if (lines.size() > height && height > 0) {
    const std::size_t left_out = lines.size() - height + 1;
    lines.resize(height - 1);
    lines.push_back(fmt::format("... and {} more", left_out));
  }
  return lines;
}

}  // namespace ssh_keepalive
