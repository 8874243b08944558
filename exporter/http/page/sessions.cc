#include "exporter/http/page/sessions.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "exporter/http/page/html.h"
#include "exporter/report/session_cells.h"
#include "exporter/report/session_risk.h"

namespace ssh_keepalive::http {
namespace {

using diagnosis::JudgedSession;
using diagnosis::Report;

// What its colour says; the words say the same. When an assumed path forgets is
// a guess: it alarms nobody.
std::string_view class_of(Risk risk, bool path_is_assumed) {
  switch (risk) {
    case Risk::kPeerSilent:
    case Risk::kPeerLeft:
      return "word-critical";
    case Risk::kLostByPath:
      return path_is_assumed ? "word-info" : "word-warning";
    case Risk::kPeerStuck:
    case Risk::kUnrefreshed:
    case Risk::kOutdated:
      return "word-warning";
    case Risk::kEndsIdle:
      return "word-info";
    case Risk::kUnclear:
      return "word-unknown";
    case Risk::kNone:
      break;
  }
  return "word-ok";
}

struct Layout {
  bool with_identities = false;
  bool with_namespaces = false;
  bool path_is_assumed = false;
};

std::string known(const std::string& cell) {
  return cell == "-" ? std::string(kUnknownHtml) : escape_html(cell);
}

// "2m00s-4m00s by client_alive".
std::string by_layer(const std::string& cell,
                     const std::optional<diagnosis::TimeOfLayer>& time) {
  return time && !time->time.is_never()
             ? fmt::format("{} <span class=\"by\">by {}</span>",
                           escape_html(cell), name_of(time->layer))
             : known(cell);
}

std::string head_html(const Layout& layout) {
  std::string head;
  const auto add = [&head](std::string_view title) {
    head += fmt::format("<th scope=\"col\">{}</th>", title);
  };
  add("Fate");
  add("Role");
  if (layout.with_identities) {
    add("User");
    add("Peer");
  }
  if (layout.with_namespaces) {
    add("Namespace");
  }
  add("Silent for at most");
  add("Timer");
  add("Refresh");
  add("Dead peer");
  return head;
}

std::string row_html(const JudgedSession& judged, const Layout& layout) {
  const Row cells = cells_of(judged);
  std::string row =
      fmt::format("<tr><th scope=\"row\" class=\"fate {}\">{}</th><td>{}</td>",
                  class_of(risk_of(judged), layout.path_is_assumed),
                  cells[kFate] == "-" ? "unknown" : escape_html(cells[kFate]),
                  known(cells[kRole]));
  const auto add = [&row](const std::string& html) {
    row += fmt::format("<td class=\"brief\">{}</td>", html);
  };
  if (layout.with_identities) {
    add(known(cells[kUser]));
    add(known(cells[kPeer]));
  }
  if (layout.with_namespaces) {
    add(known(cells[kNetns]));
  }
  add(known(cells[kSilent]));
  add(cells[kTimer] == "-" ? "none" : escape_html(cells[kTimer]));
  add(by_layer(cells[kRefresh], judged.verdict.refresh));
  add(by_layer(cells[kDeadPeer], judged.verdict.dead_peer));
  return row + "</tr>\n";
}

std::string table_of(const std::vector<JudgedSession>& all,
                     const Report& report, bool with_identities) {
  const Layout layout{.with_identities = with_identities,
                      .with_namespaces = std::ranges::any_of(
                          all,
                          [](const JudgedSession& one) {
                            return !one.session.netns.is_host();
                          }),
                      .path_is_assumed = report.policy.path_source ==
                                         diagnosis::PathSource::kAssumed};
  std::string rows;
  const std::size_t count = std::min(all.size(), kShownSessions);
  for (std::size_t i = 0; i < count; ++i) {
    rows += row_html(all[i], layout);
  }
  std::string text = table_html("Live sessions, those in danger first",
                                head_html(layout), rows);
  if (count < all.size()) {
    text += fmt::format(
        "<p>and {} more: in the <a href=\"/api/v1/sessions\">list of sessions"
        "</a>.</p>\n",
        all.size() - count);
  }
  return text;
}

}  // namespace

std::string sessions_section(const Facts& facts, const Report& report,
                             bool with_identities) {
  std::string text =
      "<section aria-labelledby=\"sessions\">\n"
      "<h2 id=\"sessions\">Sessions</h2>\n";
  if (!facts.sessions || facts.sessions->source == sessions::Source::kNone) {
    text += fmt::format("<p>{}: they could not be read.</p>\n", kUnknownHtml);
  } else if (facts.sessions->sessions.empty()) {
    text += "<p>None at this moment.</p>\n";
  } else {
    const std::vector<JudgedSession> all =
        by_risk(judged_sessions(facts, report));
    text += fmt::format("<p>{}.</p>\n", escape_html(summary_of(all))) +
            table_of(all, report, with_identities);
  }
  return text + "</section>\n";
}

}  // namespace ssh_keepalive::http
