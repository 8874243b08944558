#include "exporter/http/page/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "exporter/http/page/html.h"
#include "exporter/report/identities.h"
#include "exporter/report/report_words.h"

namespace ssh_keepalive::http {
namespace {

using diagnosis::Finding;
using diagnosis::Remedy;
using diagnosis::Report;

constexpr std::array<std::string_view, 5> kWithoutRunbook = {
    "client_alive_doubled", "client_alive_starved", "compliance_conflict",
    "namespace_differs", "session_outdated"};

std::string to_copy(const std::string& text) {
  return fmt::format("<pre><code>{}</code></pre>\n", escape_html(text));
}

std::string remedy_html(const Remedy& remedy) {
  std::string html;
  const std::string place = place_words(remedy);
  if (!place.empty()) {
    html += fmt::format("<p>{}</p>\n", escape_html(place));
  }
  if (!remedy.text.empty()) {
    // Without a place it is advice, not a line of a file.
    html += place.empty() ? fmt::format("<p>{}</p>\n", escape_html(remedy.text))
                          : to_copy(remedy.text);
  }
  if (!remedy.command.empty()) {
    html += (html.empty() ? "<p>run</p>\n" : "<p>then</p>\n") +
            to_copy(remedy.command);
  }
  if (const std::string manager = manager_words(remedy); !manager.empty()) {
    html += fmt::format("<p>{}.</p>\n", escape_html(manager));
  }
  return html;
}

std::string finding_html(const Finding& whole, bool with_identities) {
  const Finding finding = with_identities ? whole : without_identities(whole);
  std::string word(name_of(finding.severity));
  std::ranges::transform(word, word.begin(), [](unsigned char c) {
    return static_cast<char>(std::toupper(c));
  });
  const bool is_hidden = whole.remedy && !finding.remedy;
  std::string fix;
  if (finding.remedy) {
    fix = remedy_html(*finding.remedy);
  } else if (is_hidden) {
    fix = fmt::format("<p>{}</p>\n", kHidden);
  }
  return fmt::format(
      "<li class=\"finding is-{0}\">\n"
      "<h3><span class=\"word-{0}\">{1}</span> <code>{2}</code> {3}</h3>\n"
      "<dl><dt>is</dt><dd>{4}</dd><dt>should</dt><dd>{5}</dd>{6}</dl>\n"
      "<p><a href=\"{7}\">{8} {2}</a></p>\n</li>\n",
      name_of(finding.severity), word, finding.check,
      escape_html(finding.subject), escape_html(finding.observed),
      escape_html(finding.expected),
      fix.empty() ? "" : fmt::format("<dt>fix</dt><dd>{}</dd>", fix),
      explanation_url(finding.check),
      has_runbook(finding.check) ? "Runbook of" : "About");
}

}  // namespace

bool has_runbook(std::string_view check) {
  return std::ranges::find(kWithoutRunbook, check) == kWithoutRunbook.end();
}

std::string explanation_url(std::string_view check) {
  if (!has_runbook(check)) {
    return fmt::format("{}checks.md#{}", kDocs, check);
  }
  std::string name;
  bool begins_word = true;
  for (const char c : check) {
    if (c != '_') {
      name +=
          begins_word
              ? static_cast<char>(std::toupper(static_cast<unsigned char>(c)))
              : c;
    }
    begins_word = c == '_';
  }
  return fmt::format("{}runbooks/SSHKeepalive{}.md", kDocs, name);
}

std::string findings_section(const Report& report, bool with_identities) {
  std::string text =
      "<section aria-labelledby=\"findings\">\n"
      "<h2 id=\"findings\">Findings</h2>\n";
  const std::size_t count = std::min(report.findings.size(), kShownFindings);
  if (count == 0) {
    text += "<p>Nothing found.</p>\n";
  } else {
    text += "<ul class=\"findings\">\n";
    for (std::size_t i = 0; i < count; ++i) {
      text += finding_html(report.findings[i], with_identities);
    }
    text += "</ul>\n";
  }
  if (count < report.findings.size()) {
    text += fmt::format(
        "<p>and {} more: in the <a href=\"/api/v1/report\">report</a>.</p>\n",
        report.findings.size() - count);
  }
  const std::vector<std::string_view> missing = not_evaluated(report);
  if (!missing.empty()) {
    text += fmt::format(
        "<p class=\"muted\">Not evaluated, for want of facts: "
        "<code>{}</code></p>\n",
        fmt::join(missing, "</code>, <code>"));
  }
  return text + "</section>\n";
}

}  // namespace ssh_keepalive::http
