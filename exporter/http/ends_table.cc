#include "exporter/http/ends_table.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "exporter/http/html.h"
#include "exporter/report/duration_text.h"
#include "exporter/report/identities.h"

namespace ssh_keepalive::http {
namespace {

using diagnosis::SessionEnd;

std::string utc(std::chrono::system_clock::time_point time) {
  return fmt::format("{:%Y-%m-%d %H:%M:%S}",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string cause_of(const SessionEnd& end) {
  const std::string_view by = name_of(end.closed_by);
  return std::string(name_of(end.cause)) +
         (by.empty() ? "" : fmt::format(", by {}", by));
}

// A sentence of evidence or advice, as far as it may be shown.
std::string sentence(const std::string& text, bool with_identities) {
  return escape_html(with_identities ? text : public_text(text));
}

std::string details_of(const SessionEnd& end, bool with_identities) {
  std::string details;
  for (const std::string& one : end.evidence) {
    details += sentence(one, with_identities) + "<br>";
  }
  if (!end.advice.empty()) {
    details += fmt::format("<em>Would have been prevented by:</em> {}",
                           sentence(end.advice, with_identities));
  }
  return details;
}

std::string row_of(const SessionEnd& end, bool with_identities) {
  const std::string who =
      with_identities
          ? fmt::format("<td>{}</td><td>{}</td>", escape_html(end.user),
                        escape_html(end.peer))
          : "";
  return fmt::format(
      "<tr><td>{}</td><td>{}</td>{}<td>{}</td><td>{}</td><td>{}</td></tr>\n",
      utc(end.ended_at), name_of(end.role), who,
      end.lasted ? duration_text(static_cast<double>(end.lasted->count())) : "",
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
      with_identities ? "<th>User</th><th>Peer</th>" : "";
  const std::string more =
      count == ends.size() ? ""
                           : fmt::format(
                                 "<p>{} earlier ones are in the <a "
                                 "href=\"/api/v1/report\">report</a>.</p>\n",
                                 ends.size() - count);
  return fmt::format(
      "<div class=\"wide\"><table>\n<tr><th>Time (UTC)</th><th>Role</th>{}"
      "<th>Lasted</th><th>Cause</th><th>Evidence</th></tr>\n{}</table></div>\n"
      "{}",
      who, rows, more);
}

}  // namespace

std::string ends_section(const std::optional<StoredEnds>& stored,
                         bool with_identities) {
  std::string text = "<h2>The last sessions that ended</h2>\n";
  if (!stored) {
    return text + "<p>Nobody records them.</p>\n";
  }
  if (stored->ends.empty()) {
    return text + (stored->since ? fmt::format("<p>None since {} UTC.</p>\n",
                                               utc(*stored->since))
                                 : "<p>None yet.</p>\n");
  }
  return text + table_of(stored->ends, with_identities);
}

}  // namespace ssh_keepalive::http
