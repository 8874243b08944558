#include "exporter/cli/explain_sshd.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support.h"

namespace ssh_keepalive {
namespace {

class ExplainSshd : public ::testing::Test {
 protected:
  ExitCode explain(std::string_view content, ExplainSshdOptions options = {}) {
    host_.write("etc/ssh/sshd_config", content);
    out_.str("");
    err_.str("");
    return explain_sshd(options, *HostRoot::open(host_.path().string()), out_,
                        err_);
  }

  nlohmann::json explain_json(std::string_view content,
                              ExplainSshdOptions options = {}) {
    options.format = OutputFormat::kJson;
    EXPECT_EQ(explain(content, options), ExitCode::kOk) << err_.str();
    return nlohmann::json::parse(out_.str());
  }

  // The keyword's entry in JSON.
  nlohmann::json keyword(std::string_view content, const std::string& name,
                         ExplainSshdOptions options = {}) {
    const nlohmann::json document = explain_json(content, options);
    for (const auto& entry : document["keywords"]) {
      if (entry["keyword"] == name) {
        return entry;
      }
    }
    return nullptr;
  }

  bool says(std::string_view text) const {
    return out_.str().find(text) != std::string::npos;
  }

  testing::TemporaryDirectory host_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(ExplainSshd, ValueWithItsLine) {
  const auto entry =
      keyword("# first\nClientAliveInterval 5m\n", "clientaliveinterval");
  EXPECT_EQ(entry["value"], 300);
  EXPECT_EQ(entry["unit"], "seconds");
  EXPECT_EQ(entry["source"]["file"], "/etc/ssh/sshd_config");
  EXPECT_EQ(entry["source"]["line"], 2);
  EXPECT_EQ(entry["default"], false);
}

TEST_F(ExplainSshd, DefaultsHaveNoSource) {
  const auto entry = keyword("", "clientalivecountmax");
  EXPECT_EQ(entry["value"], 3);
  EXPECT_TRUE(entry["source"].is_null());
  EXPECT_EQ(entry["default"], true);
}

TEST_F(ExplainSshd, ShadowedLines) {
  const auto document =
      explain_json("ClientAliveInterval 5\nClientAliveInterval 6\n");
  ASSERT_EQ(document["shadowed"].size(), 1U);
  EXPECT_EQ(document["shadowed"][0]["line"], 2);
  EXPECT_EQ(document["shadowed"][0]["text_keyword"], "clientaliveinterval");
  EXPECT_EQ(document["shadowed"][0]["by"]["line"], 1);
}

TEST_F(ExplainSshd, RefusalNamesFileLineAndReason) {
  EXPECT_EQ(explain("Port 22\nSecretWord xyzzy\n"), ExitCode::kRefused);
  EXPECT_EQ(err_.str(),
            "ssh_keepalive_exporter: /etc/ssh/sshd_config:2: the keyword is "
            "unknown\n");
  EXPECT_TRUE(out_.str().empty());
}

TEST_F(ExplainSshd, KeywordOfTheOtherSide) {
  EXPECT_EQ(explain("ServerAliveInterval 60\n"), ExitCode::kRefused);
  EXPECT_NE(err_.str().find("sshd_config:1: the keyword serveraliveinterval "
                            "is one of ssh_config"),
            std::string::npos)
      << err_.str();
}

TEST_F(ExplainSshd, LineThatStandsBelowAMatchByMistake) {
  EXPECT_EQ(explain("Match User backup\n  ForceCommand x\n\n"
                    "ClientAliveInterval 60\n"),
            ExitCode::kOk);
  EXPECT_TRUE(
      says("sshd_config:4: clientaliveinterval stands below the Match "
           "of /etc/ssh/sshd_config:1"))
      << out_.str();
  EXPECT_TRUE(says("it must stand above that Match"));
  EXPECT_EQ(explain("Match User backup\n  ClientAliveInterval 60\n"),
            ExitCode::kOk);
  EXPECT_TRUE(says("stands below the Match"));
  EXPECT_FALSE(says("it must stand above that Match"));
}

TEST_F(ExplainSshd, LineOfABlockThatMatchesIsNoMistake) {
  EXPECT_EQ(explain("Match User backup\nClientAliveInterval 60\n",
                    {.connection = "user=backup,host=h,addr=192.0.2.1"}),
            ExitCode::kOk);
  EXPECT_FALSE(says("stands below the Match")) << out_.str();
}

TEST_F(ExplainSshd, ChannelTimeoutsThatMatchNothing) {
  EXPECT_EQ(keyword("ChannelTimeout session=5m\n", "channeltimeout")["note"],
            "session= matches no shell and no command; session:*= does");
  EXPECT_EQ(keyword("ChannelTimeout session:*=5m\n", "channeltimeout")["note"],
            "");
  EXPECT_EQ(
      keyword("ChannelTimeout session:shell=5m\n", "channeltimeout")["note"],
      "");
  EXPECT_EQ(keyword("ChannelTimeout global=5m\n", "channeltimeout")["note"],
            "global= has no effect before OpenSSH 9.7");
  EXPECT_EQ(keyword("ChannelTimeout global=5m\n", "channeltimeout",
                    {.openssh_version = "9.7"})["note"],
            "");
}

TEST_F(ExplainSshd, SaysWhetherTheReleaseIsConfirmed) {
  EXPECT_EQ(explain_json("", {.openssh_version = "9.2p1"})["confirmed"], true);
  EXPECT_EQ(explain_json("", {.openssh_version = "9.6p1"})["confirmed"], false);
  explain("", {.openssh_version = "9.6p1"});
  EXPECT_TRUE(says("not compared")) << out_.str();
}

TEST_F(ExplainSshd, FilesThatCannotBeRead) {
  ExplainSshdOptions options{.file = "/etc/ssh/none"};
  EXPECT_EQ(explain("", options), ExitCode::kNoInput);
  options.file = "/etc/ssh";
  EXPECT_EQ(explain("", options), ExitCode::kFailed);
}

TEST_F(ExplainSshd, BadOptions) {
  EXPECT_EQ(explain("", {.connection = "color=red"}), ExitCode::kUsage);
  EXPECT_EQ(explain("", {.openssh_version = "new"}), ExitCode::kUsage);
}

TEST_F(ExplainSshd, WithoutProcessesNobodyKnowsWhatRuns) {
  const auto document = explain_json("");
  EXPECT_FALSE(document.contains("daemon"));
  explain("");
  EXPECT_TRUE(says("Edits act after a reload")) << out_.str();
}

TEST_F(ExplainSshd, DaemonOfARecordedHost) {
  host_.write("proc/1/stat",
              "1 (init) S 0 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 "
              "0 3 0 0\n");
  explain("");
  EXPECT_TRUE(says("No sshd runs with this file.")) << out_.str();
  host_.write("proc/42/stat",
              "42 (sshd) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 "
              "1 0 3 0 0\n");
  host_.write("proc/42/status", "Uid:\t0\t0\t0\t0\n");
  host_.write("proc/42/cmdline",
              "sshd: /usr/sbin/sshd [listener] 0 of 10-100 startups");
  const auto document = explain_json("");
  EXPECT_EQ(document["daemon"]["pid"], 42);
  EXPECT_TRUE(document["daemon"]["stale"].is_null());
}

}  // namespace
}  // namespace ssh_keepalive
