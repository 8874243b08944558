#include "exporter/http/page/collectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "exporter/http/page/html.h"

namespace ssh_keepalive::http {
namespace {

constexpr std::size_t kShownReasons = 10;

struct State {
  std::string_view css_class;
  std::string html;
};

std::string reasons_html(const std::vector<Error>& errors) {
  std::string html;
  const std::size_t count = std::min(errors.size(), kShownReasons);
  for (std::size_t i = 0; i < count; ++i) {
    html += "<br>" + escape_html(errors[i].message());
  }
  if (count < errors.size()) {
    html += fmt::format("<br>and {} more", errors.size() - count);
  }
  return html;
}

State failed(const CollectorOutcome& outcome, bool with_identities) {
  std::string html = outcome.run == nullptr
                         ? "did not finish in time: see the log"
                         : "failed in part or whole: see the log";
  if (outcome.run != nullptr && with_identities) {
    html += reasons_html(outcome.run->errors);
  }
  html += outcome.last_success_at
              ? "<br>last success " + time_html(*outcome.last_success_at)
              : "<br>no success yet";
  return {"word-critical", std::move(html)};
}

State state_of(const Collector& collector, bool enabled,
               const std::vector<CollectorOutcome>& outcomes,
               bool with_identities) {
  if (!enabled) {
    return {"muted", "disabled"};
  }
  const auto outcome =
      std::ranges::find(outcomes, &collector, &CollectorOutcome::collector);
  if (outcome == outcomes.end()) {
    return {"word-unknown", "unknown"};
  }
  if (!outcome->success()) {
    return failed(*outcome, with_identities);
  }
  constexpr double kMilli = 1e3;
  return {"word-ok",
          fmt::format("ok, {:.1f} ms", outcome->duration.count() * kMilli)};
}

}  // namespace

std::string collectors_section(const Settings& settings,
                               const std::vector<CollectorOutcome>& outcomes,
                               const ReloadStatus& reload,
                               bool with_identities) {
  std::string rows;
  for (std::size_t i = 0; i < kCollectors.size(); ++i) {
    const Collector& collector = kCollectors.at(i);
    const State state = state_of(collector, settings.collectors.enabled.at(i),
                                 outcomes, with_identities);
    rows += fmt::format(
        "<tr><th scope=\"row\"><code>{}</code></th><td class=\"{}\">{}</td>"
        "<td class=\"wide\">{}</td></tr>\n",
        collector.name, state.css_class, state.html,
        escape_html(collector.help));
  }
  return "<section aria-labelledby=\"collectors\">\n"
         "<h2 id=\"collectors\">Collectors</h2>\n" +
         table_html("What this page was made from",
                    "<th scope=\"col\">Name</th><th scope=\"col\">State</th>"
                    "<th scope=\"col\">Reads</th>",
                    rows) +
         fmt::format(
             "<p>Configuration of the exporter: <span class=\"{}\">{}</span>"
             "</p>\n</section>\n",
             reload.successful ? "word-ok" : "word-critical",
             reload.successful
                 ? "the last reading succeeded, " +
                       time_html(reload.last_success_at) + "."
                 : "The last reload failed, the one before stays in force: see "
                   "the log.");
}

}  // namespace ssh_keepalive::http
