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

TEST_F(ExplainTcp, NamesTheLineThatSetsAValue) {
  set("600", "30", "9", "15");
  directory_.write("etc/sysctl.d/10-a.conf",
                   "net.ipv4.tcp_keepalive_time = 300\n");
  directory_.write("etc/sysctl.d/60-b.conf",
                   "# SSH\nnet.ipv4.tcp_keepalive_time = 600\n"
                   "net.ipv4.tcp_retries2 = 8\n");
  EXPECT_EQ(explain(OutputFormat::kText), ExitCode::kOk);
  const std::string text = out_.str();
  EXPECT_NE(text.find("600 seconds          /etc/sysctl.d/60-b.conf:2\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("differs from the file, which says 8: one of the two"),
            std::string::npos);
  EXPECT_NE(
      text.find("no file of sysctl.d sets it: it is lost at the next boot"),
      std::string::npos);
  EXPECT_NE(text.find("/etc/sysctl.d/10-a.conf:1  net.ipv4.tcp_keepalive_time  "
                      "because of /etc/sysctl.d/60-b.conf:2\n"),
            std::string::npos);
  explain(OutputFormat::kJson);
  const auto json = nlohmann::json::parse(out_.str());
  const auto& time = json.at("keywords").at(0);
  EXPECT_EQ(time.at("source").at("file"), "/etc/sysctl.d/60-b.conf");
  EXPECT_EQ(time.at("source").at("line"), 2);
  EXPECT_EQ(time.at("default"), false);
  EXPECT_EQ(time.at("note"), "");
  EXPECT_EQ(json.at("keywords").at(2).at("source"), nullptr);
  EXPECT_EQ(json.at("keywords").at(2).at("default"), true);
  EXPECT_EQ(json.at("keywords").at(3).at("value"), 15);
  EXPECT_EQ(json.at("keywords").at(3).at("file_value"), 8);
  const auto& shadowed = json.at("shadowed").at(0);
  EXPECT_EQ(shadowed.at("file"), "/etc/sysctl.d/10-a.conf");
  EXPECT_EQ(shadowed.at("line"), 1);
  EXPECT_EQ(shadowed.at("text_keyword"), "net.ipv4.tcp_keepalive_time");
  EXPECT_EQ(shadowed.at("by").at("line"), 2);
}

TEST_F(ExplainTcp, SaysWhatTheKernelRefuses) {
  set("7200", "75", "9", "15");
  directory_.write("etc/sysctl.d/1.conf",
                   "net.ipv4.tcp_keepalive_probes = 300\n"
                   "net.ipv4.tcp_keepalive_time = secret\n"
                   "net.ipv4.tcp_rto_max_ms = 30000\n");
  EXPECT_EQ(explain(OutputFormat::kText), ExitCode::kOk);
  const std::string text = out_.str();
  EXPECT_NE(text.find("says 300, which the kernel refuses: 0 to 255"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("refuses: no number"), std::string::npos);
  EXPECT_EQ(text.find("secret"), std::string::npos);
  EXPECT_NE(text.find("there is no such value now"), std::string::npos);
}

TEST_F(ExplainTcp, SysctlConfIsReadOrNotAsTheFilesShow) {
  set("7200", "75", "9", "15");
  directory_.write("etc/sysctl.conf", "net.ipv4.tcp_keepalive_time = 600\n");
  explain(OutputFormat::kText);
  EXPECT_NE(out_.str().find("/etc/sysctl.conf:1 sets it too, but "
                            "systemd-sysctl does not read that file"),
            std::string::npos)
      << out_.str();
  std::filesystem::create_directories(directory_.path() / "etc/sysctl.d");
  std::filesystem::create_symlink(
      "../sysctl.conf", directory_.path() / "etc/sysctl.d/99-sysctl.conf");
  explain(OutputFormat::kText);
  EXPECT_NE(out_.str().find("that file is /etc/sysctl.conf, by a link"),
            std::string::npos)
      << out_.str();
}

TEST_F(ExplainTcp, FileThatCannotBeReadIsNamedAndUnknown) {
  set("7200", "75", "9", "15");
  directory_.write("etc/sysctl.d/\x1b[31m.conf", std::string(2 << 20, '#'));
  EXPECT_EQ(explain(OutputFormat::kText), ExitCode::kFailed);
  EXPECT_NE(out_.str().find("not all files could be read"), std::string::npos)
      << out_.str();
  EXPECT_EQ(out_.str().find('\x1b'), std::string::npos);
  EXPECT_NE(err_.str().find("/etc/sysctl.d/?[31m.conf: larger than"),
            std::string::npos)
      << err_.str();
}

}  // namespace
}  // namespace ssh_keepalive
