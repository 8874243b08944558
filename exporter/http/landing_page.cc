#include "exporter/http/landing_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "exporter/build_info.h"
#include "exporter/http/ends_table.h"

namespace ssh_keepalive::http {
namespace {

constexpr std::string_view kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>SSH Keepalive Exporter</title>
<style>
:root { color-scheme: light dark; --line: #8884; --ok: #1a7f37; --bad: #cf222e; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; }
h2 { font-size: 1.1rem; margin-top: 2rem; }
.version { color: #888; margin-top: 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); }
.wide { overflow-x: auto; }
.ok { color: var(--ok); } .bad { color: var(--bad); }
@media (prefers-color-scheme: dark) { :root { --ok: #3fb950; --bad: #ff7b72; } }
</style>
</head>
<body>
)";

struct State {
  std::string_view css_class;
  std::string text;
};

State state_of(const Collector& collector, bool enabled,
               const std::vector<CollectorOutcome>& outcomes) {
  if (!enabled) {
    return {"", "disabled"};
  }
  const auto outcome =
      std::ranges::find(outcomes, &collector, &CollectorOutcome::collector);
  if (outcome == outcomes.end()) {
    return {"", "not asked for yet"};
  }
  if (outcome->success()) {
    return {"ok",
            fmt::format("ok, {:.1f} ms", outcome->duration.count() * 1e3)};
  }
  return {"bad", outcome->run == nullptr ? "did not finish in time: see the log"
                                         : "failed: see the log"};
}

std::string collector_rows(const Settings& settings,
                           const std::vector<CollectorOutcome>& outcomes) {
  std::string rows;
  for (std::size_t i = 0; i < kCollectors.size(); ++i) {
    const Collector& collector = kCollectors.at(i);
    const State state =
        state_of(collector, settings.collectors.enabled.at(i), outcomes);
    rows += fmt::format(
        "<tr><td><code>{}</code></td><td>{}</td><td class=\"{}\">{}</td>"
        "</tr>\n",
        collector.name, collector.help, state.css_class, state.text);
  }
  return rows;
}

}  // namespace

std::string landing_page(const Settings& settings,
                         const std::vector<CollectorOutcome>& outcomes,
                         const ReloadStatus& reload,
                         const std::optional<StoredEnds>& ends,
                         bool with_identities) {
  return std::string(kHead) +
         fmt::format(
             R"(<h1>SSH Keepalive Exporter</h1>
<p class="version">Version {version}, revision {revision}</p>
<p>Whether this host's SSH sessions stay intact while idle, what would end
them, and when.</p>
<ul>
<li><a href="{metrics}">Metrics</a> for Prometheus</li>
<li><a href="/api/v1/report">Report</a> and <a href="/api/v1/sessions">sessions</a> as JSON</li>
<li><a href="/-/healthy">Health</a> and <a href="/-/ready">readiness</a></li>
</ul>
<h2>Collectors in the last scrape</h2>
<table>
<tr><th>Name</th><th>Reads</th><th>State</th></tr>
{collectors}</table>
{ends}{sign_in}<h2>Configuration</h2>
<p class="{reload_class}">{reload}</p>
</body>
</html>
)",
             fmt::arg("version", build_version()),
             fmt::arg("revision", build_revision()),
             fmt::arg("metrics", settings.web.telemetry_path),
             fmt::arg("collectors", collector_rows(settings, outcomes)),
             fmt::arg("ends", ends_section(ends, with_identities)),
             fmt::arg("sign_in",
                      with_identities || settings.web.private_token.empty()
                          ? ""
                          : "<p><a href=\"/?private\">Show users and "
                            "peers</a>: asks for the token.</p>\n"),
             fmt::arg("reload_class", reload.successful ? "ok" : "bad"),
             fmt::arg("reload",
                      reload.successful
                          ? "The last reading succeeded."
                          : "The last reload failed, the one before stays in "
                            "force: see the log."));
}

}  // namespace ssh_keepalive::http
