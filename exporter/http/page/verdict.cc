#include "exporter/http/page/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "diagnosis/texts.h"
#include "exporter/http/page/html.h"
#include "exporter/report/identities.h"
#include "exporter/report/report_json.h"
#include "exporter/report/report_words.h"
#include "exporter/report/session_risk.h"

namespace ssh_keepalive::http {
namespace {

using diagnosis::ConfiguredEnd;
using diagnosis::Finding;
using diagnosis::kNever;
using diagnosis::Policy;
using diagnosis::Report;
using diagnosis::Severity;

constexpr std::size_t kShownEach = 4;  // of a fact that a host has several of

std::string fact(std::string_view name, std::string_view html) {
  return fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, html);
}

std::string lines_html(const std::vector<std::string>& lines) {
  std::string html;
  const std::size_t count = std::min(lines.size(), kShownEach);
  for (std::size_t i = 0; i < count; ++i) {
    html += (i == 0 ? "" : "<br>") + lines[i];
  }
  return lines.size() == count
             ? html
             : fmt::format("{}<br>and {} more", html, lines.size() - count);
}

std::string path_html(const Policy& policy) {
  std::vector<std::string> lines;
  const auto add = [&](diagnosis::Seconds timeout, std::string_view who) {
    if (timeout != kNever) {
      lines.push_back(fmt::format("{} after {} of silence ({})", who,
                                  diagnosis::seconds_text(timeout),
                                  name_of(policy.path_source)));
    }
  };
  add(policy.path.idle_timeout, "forgets");
  add(policy.path.bytes_idle_timeout, "a proxy forgets");
  if (lines.empty()) {
    lines.push_back(
        fmt::format("never forgets ({})", name_of(policy.path_source)));
  }
  if (policy.observed.longest_survived) {
    lines.push_back("survived so far: " +
                    diagnosis::seconds_text(*policy.observed.longest_survived));
  }
  if (policy.observed.shortest_lost) {
    lines.push_back("lost after: " +
                    diagnosis::seconds_text(*policy.observed.shortest_lost));
  }
  return lines_html(lines);
}

// The longest silence that each end lets happen.
std::string refresh_html(const Report& report, bool with_identities) {
  std::vector<std::string> lines;
  for (const ConfiguredEnd& end : report.configured) {
    lines.push_back(
        shown(program_of(end), with_identities) + ": " +
        (end.verdict.refresh
             ? shown(range_text(end.verdict.refresh->time) +
                         (end.verdict.refresh->time.is_never()
                              ? ""
                              : ", by " + std::string(name_of(
                                              end.verdict.refresh->layer))),
                     with_identities)
             : std::string(kUnknownHtml)));
  }
  return lines.empty() ? std::string(kUnknownHtml) : lines_html(lines);
}

std::string sessions_html(const Facts& facts, const Report& report) {
  if (!facts.sessions || facts.sessions->source == sessions::Source::kNone) {
    return std::string(kUnknownHtml);
  }
  return escape_html(summary_of(judged_sessions(facts, report)));
}

std::string sshd_html(const Facts& facts, bool with_identities) {
  if (!facts.sshd_config) {
    return std::string(kUnknownHtml);
  }
  std::vector<std::string> lines;
  for (const sshd_config::Instance& instance : facts.sshd_config->instances) {
    std::string_view state = "not running";
    if (instance.running) {
      state = "running";
    } else if (instance.socket_activated) {
      state = "started for each connection";
    } else if (!facts.sshd_config->processes_visible) {
      state = "unknown whether it runs";
    }
    lines.push_back(fmt::format(
        "{}, {}, version {}", shown(instance.daemon, with_identities), state,
        instance.version ? escape_html(instance.version->text)
                         : std::string(kUnknownHtml)));
  }
  return lines.empty() ? "none" : lines_html(lines);
}

std::string kernel_html(const Facts& facts) {
  if (!facts.sysctl || !facts.sysctl->contains(netns::Name())) {
    return std::string(kUnknownHtml);
  }
  const sysctl::Facts& host = facts.sysctl->at(netns::Name());
  if (!host.keepalive_time_seconds && !host.keepalive_intvl_seconds &&
      !host.keepalive_probes) {
    return std::string(kUnknownHtml);
  }
  const auto value = [](const std::optional<std::int64_t>& number,
                        std::string_view unit) {
    return number ? fmt::format("{}{}", *number, unit)
                  : std::string(kUnknownHtml);
  };
  return fmt::format(
      "first probe after {}, then every {}; {} without an answer end it",
      value(host.keepalive_time_seconds, " s"),
      value(host.keepalive_intvl_seconds, " s"),
      value(host.keepalive_probes, ""));
}

}  // namespace

std::string why(const Report& report, bool with_identities) {
  const auto gravest = verdict_of(report);
  if (!gravest) {
    return "too little of this host could be read";
  }
  if (report.findings.empty()) {
    return "idle sessions are refreshed before the path forgets them";
  }
  const Finding first = with_identities
                            ? report.findings.front()
                            : without_identities(report.findings.front());
  if (*gravest > Severity::kInfo) {
    return fmt::format("{}: {}", first.subject, first.observed);
  }
  const bool is_late = std::ranges::any_of(
      report.findings,
      [](const Finding& one) { return one.check == "refresh_too_late"; });
  if (is_late) {
    return "nothing is known to be wrong, but sessions are refreshed too late "
           "if the path forgets as soon as is assumed";
  }
  const std::size_t count = report.findings.size();
  return fmt::format("nothing is wrong; {} thing{} worth knowing", count,
                     count == 1 ? " is" : "s are");
}

std::string verdict_section(const Facts& facts, const Report& report,
                            std::chrono::system_clock::time_point now,
                            bool with_identities) {
  const std::string_view name = verdict_text(report);
  std::string text = fmt::format(
      "<section class=\"verdict is-{0}\" aria-labelledby=\"verdict\">\n"
      "<h1 id=\"verdict\"><span class=\"word-{0}\">{1}</span>: {2}.</h1>\n"
      "<p>{3}.</p>\n<dl class=\"facts\">\n",
      name, verdict_word(report), escape_html(why(report, with_identities)),
      escape_html(checks_text(report)));
  text += fact("The path", path_html(report.policy));
  text += fact("An idle session is refreshed after",
               refresh_html(report, with_identities));
  text += fact("Sessions", sessions_html(facts, report));
  text += fact("sshd", sshd_html(facts, with_identities));
  text += fact("TCP keepalive of the kernel", kernel_html(facts));
  text += fact("Looked at", time_html(now));
  return text + "</dl>\n</section>\n";
}

}  // namespace ssh_keepalive::http
