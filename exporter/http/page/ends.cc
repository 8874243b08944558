#include "exporter/http/page/ends.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "exporter/http/page/html.h"
#include "exporter/report/duration_text.h"

namespace ssh_keepalive::http {
namespace {

using diagnosis::SessionEnd;

std::string cause_of(const SessionEnd& end) {
  const std::string_view by = name_of(end.closed_by);
  return std::string(name_of(end.cause)) +
         (by.empty() ? "" : fmt::format(", by {}", by));
}

std::string details_of(const SessionEnd& end, bool with_identities) {
  std::string details;
  for (const std::string& one : end.evidence) {
    details += shown(one, with_identities) + "<br>";
  }
  if (!end.advice.empty()) {
    details += fmt::format("<em>Would have been prevented by:</em> {}",
                           shown(end.advice, with_identities));
  }
  return details;
}

std::string row_of(const SessionEnd& end, bool with_identities) {
  const auto who = [](const std::string& name) {
    return fmt::format("<td>{}</td>", name.empty() ? std::string(kUnknownHtml)
                                                   : escape_html(name));
  };
  return fmt::format(
      "<tr><th scope=\"row\" class=\"brief\">{}</th><td>{}</td>{}"
      "<td class=\"brief\">{}</td><td>{}</td><td class=\"wide\">{}</td></tr>\n",
      time_html(end.ended_at), name_of(end.role),
      with_identities ? who(end.user) + who(end.peer) : "",
      end.lasted ? duration_text(static_cast<double>(end.lasted->count()))
                 : std::string(kUnknownHtml),
      cause_of(end), details_of(end, with_identities));
}

std::string table_of(const std::vector<SessionEnd>& ends,
                     bool with_identities) {
  std::string rows;
  const std::size_t count = std::min(ends.size(), kShownEnds);
  for (std::size_t i = 0; i < count; ++i) {
    rows += row_of(ends[ends.size() - 1 - i], with_identities);
  }
  const std::string_view who =
      with_identities ? "<th scope=\"col\">User</th><th scope=\"col\">Peer</th>"
                      : "";
  const std::string more =
      count == ends.size() ? ""
                           : fmt::format(
                                 "<p>{} earlier ones are in the <a "
                                 "href=\"/api/v1/report\">report</a>.</p>\n",
                                 ends.size() - count);
  return table_html("The last sessions that ended, the newest first",
                    fmt::format("<th scope=\"col\">Time</th>"
                                "<th scope=\"col\">Role</th>{}"
                                "<th scope=\"col\">Lasted</th>"
                                "<th scope=\"col\">Cause</th>"
                                "<th scope=\"col\">Evidence</th>",
                                who),
                    rows) +
         more;
}

}  // namespace

std::string ends_section(const std::optional<StoredEnds>& stored,
                         bool with_identities) {
  std::string text =
      "<section aria-labelledby=\"ends\">\n"
      "<h2 id=\"ends\">What ended the last sessions</h2>\n";
  if (!stored) {
    text += "<p>Nobody records them.</p>\n";
  } else if (!stored->ends.empty()) {
    text += table_of(stored->ends, with_identities);
  } else if (stored->since) {
    text += fmt::format("<p>None since {}.</p>\n", time_html(*stored->since));
  } else {
    text += "<p>None yet.</p>\n";
  }
  return text + "</section>\n";
}

}  // namespace ssh_keepalive::http
