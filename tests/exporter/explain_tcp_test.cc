#include "exporter/cli/explain_tcp.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support.h"

namespace ssh_keepalive {
namespace {

class ExplainTcp : public ::testing::Test {
 protected:
  void set(const char* time, const char* intvl, const char* probes,
           const char* retries2) {
    const std::string folder = "proc/sys/net/ipv4/tcp_";
    directory_.write(folder + "keepalive_time", time);
    directory_.write(folder + "keepalive_intvl", intvl);
    directory_.write(folder + "keepalive_probes", probes);
    directory_.write(folder + "retries2", retries2);
  }

  ExitCode explain(OutputFormat format) {
    out_.str("");
    err_.str("");
    return explain_tcp(*HostRoot::open(directory_.path().string()), format,
                       out_, err_);
  }

  testing::TemporaryDirectory directory_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(ExplainTcp, TextSays1275SecondsFor600And75And9) {
  set("600", "75", "9", "15");
  EXPECT_EQ(explain(OutputFormat::kText), ExitCode::kOk);
  EXPECT_NE(out_.str().find("21 min 15 s"), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("15 min 25 s"), std::string::npos) << out_.str();
}

TEST_F(ExplainTcp, ZeroProbesAndNegativeTimesAreSaid) {
  set("600", "75", "0", "15");
  explain(OutputFormat::kText);
  EXPECT_NE(out_.str().find("reset after 10 min"), std::string::npos);
  set("-1", "75", "9", "15");
  explain(OutputFormat::kText);
  EXPECT_NE(out_.str().find("never acts"), std::string::npos);
}

TEST_F(ExplainTcp, JsonTellsNeverFromUnknown) {
  set("600", "75", "0", "15");
  EXPECT_EQ(explain(OutputFormat::kJson), ExitCode::kOk);
  const auto json = nlohmann::json::parse(out_.str());
  EXPECT_EQ(json.at("version"), 1);
  EXPECT_EQ(json.at("timeline").at("refresh_interval").at("kind"), "never");
  EXPECT_EQ(json.at("timeline").at("dead_peer_time").at("earliest_seconds"),
            600);
  EXPECT_EQ(json.at("keywords").at(0).at("value"), 600);
}

TEST_F(ExplainTcp, LineOfSysctlThatSetsIt) {
  set("600", "75", "9", "15");
  directory_.write("etc/sysctl.d/50-ssh.conf",
                   "# keepalive\nnet.ipv4.tcp_keepalive_time = 600\n"
                   "net.ipv4.tcp_keepalive_intvl = 30\n");
  directory_.write("etc/sysctl.d/10-old.conf",
                   "net.ipv4.tcp_keepalive_time = 300\n");
  EXPECT_EQ(explain(OutputFormat::kJson), ExitCode::kOk);
  const auto json = nlohmann::json::parse(out_.str());
  const auto& time = json.at("keywords").at(0);
  EXPECT_EQ(time.at("source").at("file"), "/etc/sysctl.d/50-ssh.conf");
  EXPECT_EQ(time.at("source").at("line"), 2);
  EXPECT_EQ(time.at("note"), "");
  EXPECT_EQ(json.at("shadowed").at(0).at("file"), "/etc/sysctl.d/10-old.conf");
  const std::string note = json.at("keywords").at(1).at("note");
  EXPECT_NE(note.find("differs from net.ipv4.tcp_keepalive_intvl = 30"),
            std::string::npos)
      << note;
  explain(OutputFormat::kText);
  EXPECT_NE(out_.str().find("/etc/sysctl.d/50-ssh.conf:2\n"), std::string::npos)
      << out_.str();
}

TEST_F(ExplainTcp, ValueThatNoFileSetsIsLostAtBoot) {
  set("600", "75", "9", "15");
  explain(OutputFormat::kText);
  EXPECT_NE(out_.str().find("lost at the next boot"), std::string::npos);
  set("7200", "75", "9", "15");
  explain(OutputFormat::kText);
  EXPECT_EQ(out_.str().find("lost at the next boot"), std::string::npos);
}

TEST_F(ExplainTcp, WhatCannotBeReadIsUnknownAndNamed) {
  set("600", "garbage", "9", "15");
  EXPECT_EQ(explain(OutputFormat::kJson), ExitCode::kFailed);
  EXPECT_NE(err_.str().find("tcp_keepalive_intvl"), std::string::npos);
  const auto json = nlohmann::json::parse(out_.str());
  EXPECT_EQ(json.at("timeline").at("dead_peer_time").at("kind"), "unknown");
  EXPECT_EQ(json.at("timeline").at("retransmission_limit").at("kind"), "known");
}

}  // namespace
}  // namespace ssh_keepalive
