#include "exporter/http/page/findings.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "diagnosis/checks/checks.h"
#include "exporter/http/page/html.h"
#include "exporter/report/identities.h"
#include "tests/support.h"

namespace ssh_keepalive::http {
namespace {

using diagnosis::Action;
using diagnosis::Finding;
using diagnosis::Report;
using diagnosis::Severity;

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Finding example() {
  return {.check = "refresh_too_late",
          .severity = Severity::kWarning,
          .subject = "sshd <ssh>.service",
          .observed = "after 360 s & more",
          .expected = "after at most 192 s",
          .remedy = diagnosis::Remedy{
              .action = Action::kChange,
              .at = {.file = "/etc/ssh/sshd_config.d/<script>.conf", .line = 7},
              .text = "ClientAliveInterval \"60\"",
              .command = "systemctl reload ssh.service",
              .managed_by = "cloud-init"}};
}

Report report_of(std::vector<Finding> findings) {
  Report report;
  report.findings = std::move(findings);
  return report;
}

TEST(FindingsSection, RemediesToCopy) {
  const std::string text = findings_section(report_of({example()}), false);
  EXPECT_TRUE(has(text,
                  "<span class=\"word-warning\">WARNING</span> "
                  "<code>refresh_too_late</code> "
                  "sshd &lt;ssh&gt;.service"));
  EXPECT_TRUE(has(text, "after 360 s &amp; more"));
  EXPECT_TRUE(
      has(text, "change /etc/ssh/sshd_config.d/&lt;script&gt;.conf:7 to"));
  EXPECT_TRUE(
      has(text, "<pre><code>ClientAliveInterval &quot;60&quot;</code></pre>"));
  EXPECT_TRUE(
      has(text, "<pre><code>systemctl reload ssh.service</code></pre>"));
  EXPECT_TRUE(has(text, "cloud-init owns that file: change it there."));
  EXPECT_FALSE(has(text, "<script>"));
}

TEST(FindingsSection, PrivatePathsOnlyWithIdentities) {
  Finding finding = example();
  finding.remedy->at.file = "/home/jane/.ssh/config";
  finding.observed = "because of ~/.ssh/config:3";
  const std::string text = findings_section(report_of({finding}), false);
  EXPECT_FALSE(has(text, "jane"));
  EXPECT_FALSE(has(text, ".ssh/config"));
  EXPECT_TRUE(has(text, kHidden));
  EXPECT_TRUE(has(findings_section(report_of({finding}), true),
                  "change /home/jane/.ssh/config:7 to"));
}

TEST(FindingsSection, NoneAndMany) {
  Report report;
  report.checks = {{.name = "refresh_too_late", .evaluated = true},
                   {.name = "count_max_zero", .evaluated = false}};
  const std::string none = findings_section(report, false);
  EXPECT_TRUE(has(none, "Nothing found."));
  EXPECT_TRUE(has(none,
                  "Not evaluated, for want of facts: "
                  "<code>count_max_zero</code>"));
  EXPECT_TRUE(has(findings_section(report_of(std::vector<Finding>(
                                       kShownFindings + 5, example())),
                                   false),
                  "and 5 more"));
}

// Every link leads to a page of this tree.
TEST(ExplanationUrl, IsAPageOfTheReference) {
  std::stringstream checks;
  checks
      << std::ifstream(testing::source_directory() + "/docs/checks.md").rdbuf();
  for (const diagnosis::Check& check : diagnosis::kChecks) {
    const std::string url = explanation_url(check.name);
    ASSERT_EQ(url.find(kDocs), 0U);
    const std::string page = url.substr(kDocs.size());
    if (has_runbook(check.name)) {
      EXPECT_TRUE(std::filesystem::exists(testing::source_directory() +
                                          "/docs/" + page))
          << page;
    } else {
      EXPECT_EQ(page, "checks.md#" + std::string(check.name));
      EXPECT_TRUE(has(checks.str(), "\n## " + std::string(check.name) + "\n"))
          << page;
    }
  }
}

}  // namespace
}  // namespace ssh_keepalive::http
