// The list, the rules and the page say the same.
#include "exporter/alertmanager/alert_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "diagnosis/checks/checks.h"
#include "tests/support.h"

namespace ssh_keepalive::alertmanager {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string repository(const std::string& path) {
  return testing::source_directory() + "/" + path;
}

// One line in place of several.
std::string folded(const std::string& text) {
  return std::regex_replace(text, std::regex(R"(\s+)"), " ");
}

// What the rule of such a row asks for besides the finding.
std::string query_of(Condition condition) {
  const std::string known =
      " and ignoring (check, source) "
      "ssh_keepalive_policy_path_idle_timeout_seconds";
  switch (condition) {
    case Condition::kNone:
      break;
    case Condition::kPathKnown:
      return known + R"({source!="assumed"})";
    case Condition::kMarginNegative:
      return known + R"({source!="assumed"} and ignoring (check, role) )"
                     "ssh_keepalive_refresh_margin_seconds < 0";
    case Condition::kSessionsLost:
      return known +
             R"({source="configured"} and ignoring (check, role, netns, fate) )"
             R"(ssh_keepalive_sessions_by_fate{fate="lost_by_path"} > 0)";
    case Condition::kNoComplianceDemand:
      return " unless ignoring (check) "
             R"(ssh_keepalive_findings{check="compliance_conflict"} > 0)";
    case Condition::kServerOutlivesDead:
      return " and ignoring (check, role, bound) "
             "ssh_keepalive_outage_tolerance_seconds"
             R"({role="server", bound="latest"} > ignoring (role, bound) )"
             "ssh_keepalive_policy_maximum_dead_peer_seconds";
    case Condition::kHostProbesZero:
      return " and ignoring (check, netns) "
             R"(ssh_keepalive_sysctl_tcp_keepalive_probes{netns="host"} == 0)";
    case Condition::kInvalidSshdInUse:
      return " and ignoring (check, daemon, netns) "
             "(ssh_keepalive_sshd_config_valid == 0 and "
             "ssh_keepalive_sshd_running == 1)";
  }
  return "";
}

// The words of the page for each; the rules' expressions say them exactly.
const std::map<Condition, std::string>& words() {
  static const std::map<Condition, std::string> words = {
      {Condition::kNone, "–"},
      {Condition::kPathKnown, "the path's timeout is not *assumed*"},
      {Condition::kMarginNegative,
       "the path's timeout is not *assumed*, and a refresh margin is negative"},
      {Condition::kSessionsLost,
       "the path's timeout is *configured*, and a session has the fate "
       "`lost_by_path`"},
      {Condition::kNoComplianceDemand, "`compliance_conflict` finds nothing"},
      {Condition::kServerOutlivesDead,
       "what ends dead sessions of sshd takes longer than "
       "`maximum_dead_peer_time`"},
      {Condition::kHostProbesZero, "it is the host's own network namespace"},
      {Condition::kInvalidSshdInUse, "that sshd runs, or systemd starts it"}};
  return words;
}

// A row as text: what rules and the page have in common.
std::vector<std::string> rows_of_the_list() {
  std::vector<std::string> rows;
  for (const AlertRow& row : kAlerts) {
    rows.push_back(std::string(row.name) + " " +
                   std::string(name_of(row.severity)) + " hold " +
                   std::to_string(row.hold.count()) + " keep " +
                   std::to_string(row.keep.count()) + " " +
                   std::string(row.summary) + " if findings{" +
                   std::string(row.check) + "}" + query_of(row.condition));
  }
  std::ranges::sort(rows);
  return rows;
}

// "15m" or "1h".
std::string minutes_of(const std::string& time) {
  const int count = std::stoi(time);
  return std::to_string(time.ends_with('h') ? 60 * count : count);
}

std::vector<std::string> rows_of_the_rules() {
  const std::regex rule(
      R"re(- alert: (\w+)\n\s+expr: (?:\|\n)?([^]*?)\n\s+for: (\w+)\n)re"
      R"re(\s+keep_firing_for: (\w+)\n\s+labels:\n\s+severity: (\w+)\n)re"
      R"re(\s+annotations:\n\s+summary: '(.*)'\n)re");
  const std::regex finding(
      R"re(^ ?ssh_keepalive_findings\{check="(\w+)"\} > 0(.*)$)re");
  std::vector<std::string> rows;
  for (const auto& entry :
       std::filesystem::directory_iterator(repository("alerts/rules"))) {
    const std::string text = read(entry.path());
    for (std::sregex_iterator match(text.begin(), text.end(), rule), end;
         match != end; ++match) {
      const std::string expression = folded((*match)[2].str());
      std::smatch parts;
      if (std::regex_match(expression, parts, finding)) {
        rows.push_back(
            (*match)[1].str() + " " + (*match)[5].str() + " hold " +
            minutes_of((*match)[3]) + " keep " + minutes_of((*match)[4]) + " " +
            std::regex_replace((*match)[6].str(), std::regex("''"), "'") +
            " if findings{" + parts[1].str() + "}" + parts[2].str());
      }
    }
  }
  std::ranges::sort(rows);
  return rows;
}

TEST(AlertTable, EqualsTheRules) {
  EXPECT_EQ(rows_of_the_list(), rows_of_the_rules());
}

TEST(AlertTable, EqualsThePage) {
  const std::string page = read(repository("docs/alerts.md"));
  const std::regex row(R"(\n\| `(\w+)` \| (\w+) \| (\w+) \| (\w+) \| (.*) \|)");
  std::vector<std::string> listed;
  for (std::sregex_iterator match(page.begin(), page.end(), row), end;
       match != end; ++match) {
    std::string text;
    for (std::size_t i = 1; i < match->size(); ++i) {
      text += (*match)[i].str() + " ";
    }
    listed.push_back(text);
  }
  std::vector<std::string> known;
  for (const AlertRow& one : kAlerts) {
    const auto minutes = one.hold.count();
    known.push_back(std::string(one.check) + " " + std::string(one.name) + " " +
                    std::string(name_of(one.severity)) + " " +
                    (minutes % 60 == 0 ? std::to_string(minutes / 60) + "h"
                                       : std::to_string(minutes) + "m") +
                    " " + words().at(one.condition) + " ");
  }
  EXPECT_EQ(listed, known);
}

TEST(AlertTable, HasEachCheckAndSeverityOnce) {
  for (std::size_t i = 0; i < kAlerts.size(); ++i) {
    EXPECT_NE(std::ranges::find(diagnosis::kChecks, kAlerts[i].check,
                                &diagnosis::Check::name),
              diagnosis::kChecks.end())
        << kAlerts[i].check;
    for (std::size_t j = i + 1; j < kAlerts.size(); ++j) {
      EXPECT_FALSE(kAlerts[i].check == kAlerts[j].check &&
                   kAlerts[i].severity == kAlerts[j].severity);
    }
  }
}

}  // namespace
}  // namespace ssh_keepalive::alertmanager
