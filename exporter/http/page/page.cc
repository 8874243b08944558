#include "exporter/http/page/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "exporter/build_info.h"
#include "exporter/http/page/collectors.h"
#include "exporter/http/page/ends.h"
#include "exporter/http/page/findings.h"
#include "exporter/http/page/html.h"
#include "exporter/http/page/palette.h"
#include "exporter/http/page/picture.h"
#include "exporter/http/page/sessions.h"
#include "exporter/http/page/style.h"
#include "exporter/http/page/verdict.h"
#include "exporter/report/report_json.h"
#include "exporter/report/report_words.h"

namespace ssh_keepalive::http {
namespace {

// A dot in the verdict's colour, for who has many tabs. Without an icon of its
// own the page would make browsers ask for one.
std::string icon(std::string_view verdict) {
  const auto* const colour =
      std::ranges::find(kPalette, verdict, &Colour::name);
  return fmt::format(
      "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 "
      "0 16 16'%3E%3Ccircle cx='8' cy='8' r='7' fill='%23{}'/%3E%3C/svg%3E",
      colour->light.substr(1));
}

// The links go elsewhere: nobody there needs to know this host's name.
std::string head_html(const diagnosis::Report& report) {
  return fmt::format(
      R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{}: SSH Keepalive Exporter</title>
<link rel="icon" href="{}">
<style>{}</style>
</head>
<body>
)",
      verdict_word(report), icon(verdict_text(report)), page_style());
}

std::string header_html(const Settings& settings) {
  return fmt::format(
      R"(<a class="skip" href="#main">Skip to the verdict</a>
<header>
<p>SSH Keepalive Exporter</p>
<nav aria-label="Other pages">
<ul>
<li><a href="{}">Metrics</a></li>
<li><a href="/api/v1/report">Report</a></li>
<li><a href="/api/v1/sessions">Sessions</a></li>
<li><a href="{}checks.md">Checks</a></li>
<li><a href="{}metrics.md">What the metrics mean</a></li>
</ul>
</nav>
</header>
)",
      escape_html(settings.web.telemetry_path), kDocs, kDocs);
}

std::string footer_html(const Settings& settings, bool with_identities) {
  std::string text = "<footer>\n";
  if (!with_identities && !settings.web.private_token.empty()) {
    text +=
        "<p><a href=\"/?private\">Show users and peers</a>: asks for the "
        "token.</p>\n";
  }
  return text +
         fmt::format(
             "<p>Version {}, revision {}. <a href=\"/-/healthy\">Health</a>, "
             "<a href=\"/-/ready\">readiness</a>.</p>\n</footer>\n",
             escape_html(build_version()), escape_html(build_revision()));
}

}  // namespace

std::string status_page(const PageInput& input, bool with_identities) {
  const Facts& facts = input.scrape.facts;
  return head_html(input.report) + header_html(input.settings) +
         "<main id=\"main\" tabindex=\"-1\">\n" +
         verdict_section(facts, input.report, input.now, with_identities) +
         layers_section(facts, input.report, with_identities) +
         findings_section(input.report, with_identities) +
         sessions_section(facts, input.report, with_identities) +
         ends_section(input.ends, with_identities) +
         collectors_section(input.settings, input.scrape.outcomes, input.reload,
                            with_identities) +
         "</main>\n" + footer_html(input.settings, with_identities) +
         "</body>\n</html>\n";
}

}  // namespace ssh_keepalive::http
