#include "exporter/cli/explain_ssh.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support.h"

namespace ssh_keepalive {
namespace {

constexpr const char* kUserFile = "/home/alice/.ssh/config";
constexpr const char* kSystemFile = "/etc/ssh/ssh_config";

class ExplainSsh : public ::testing::Test {
 protected:
  ExplainSsh() {
    options_.host = "alpha";
    options_.uid = ::getuid();
    options_.user_name = "alice";
    options_.home = "/home/alice";
  }

  void write(std::string_view path, std::string_view content) const {
    directory_.write(path, content);
  }

  ExitCode explain(OutputFormat format = OutputFormat::kText) {
    out_.str("");
    err_.str("");
    options_.format = format;
    return explain_ssh(options_, *HostRoot::open(directory_.path().string()),
                       out_, err_);
  }

  nlohmann::json explain_json() {
    EXPECT_EQ(explain(OutputFormat::kJson), ExitCode::kOk) << err_.str();
    return nlohmann::json::parse(out_.str());
  }

  testing::TemporaryDirectory directory_;
  ExplainSshOptions options_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(ExplainSsh, OpenSshFormatIsThatOfSshG) {
  write(kUserFile, "ServerAliveInterval 5m\nProxyJump bob@gate:22\n");
  write(kSystemFile, "TCPKeepAlive no\nControlPersist 0\n");
  EXPECT_EQ(explain(OutputFormat::kOpenSsh), ExitCode::kOk);
  EXPECT_EQ(out_.str(),
            "batchmode no\ncontrolmaster false\ntcpkeepalive no\n"
            "serveralivecountmax 3\nserveraliveinterval 300\n"
            "connecttimeout none\ncontrolpersist yes\n"
            "proxyjump bob@gate:22\n");
  EXPECT_EQ(err_.str(), "");
}

TEST_F(ExplainSsh, ChannelTimeoutIsPrintedFrom96) {
  options_.openssh_version = "9.6p1";
  EXPECT_EQ(explain(OutputFormat::kOpenSsh), ExitCode::kOk);
  EXPECT_NE(out_.str().find("serveraliveinterval 0\nchanneltimeout none\n"
                            "connecttimeout none\n"),
            std::string::npos)
      << out_.str();
}

TEST_F(ExplainSsh, JsonHasTheContractsShape) {
  write(kUserFile,
        "ServerAliveInterval 5\nMatch exec true\nConnectTimeout 9\nMatch all\n"
        "ServerAliveInterval 6\n");
  const nlohmann::json json = explain_json();
  EXPECT_EQ(json.at("version"), 1);
  EXPECT_EQ(json.at("openssh_version"), "9.2p1 (assumed)");
  const auto& keyword = json.at("keywords").at(4);
  EXPECT_EQ(keyword.at("keyword"), "serveraliveinterval");
  EXPECT_EQ(keyword.at("value"), 5);
  EXPECT_EQ(keyword.at("unit"), "seconds");
  EXPECT_EQ(keyword.at("source").at("file"), kUserFile);
  EXPECT_EQ(keyword.at("source").at("line"), 1);
  EXPECT_EQ(keyword.at("default"), false);
  EXPECT_EQ(json.at("keywords").at(0).at("source"), nullptr);
  EXPECT_EQ(json.at("keywords").at(0).at("default"), true);
  EXPECT_EQ(json.at("shadowed").at(0).at("line"), 5);
  EXPECT_EQ(json.at("shadowed").at(0).at("by").at("line"), 1);
  EXPECT_EQ(json.at("undecided").at(0).at("keyword"), "connecttimeout");
  EXPECT_EQ(json.at("undecided").at(0).at("if_true"), "9");
  EXPECT_EQ(json.at("undecided").at(0).at("if_false"), "none");
  EXPECT_EQ(json.at("undecided").at(0).at("source").at("line"), 2);
}

TEST_F(ExplainSsh, UndecidedHasNoLineInOpenSshFormat) {
  write(kUserFile, "Match exec true\nServerAliveInterval 9\n");
  EXPECT_EQ(explain(OutputFormat::kOpenSsh), ExitCode::kOk);
  EXPECT_EQ(out_.str().find("serveraliveinterval"), std::string::npos);
}

TEST_F(ExplainSsh, UserAndHostAsOnSshsCommandLine) {
  write(kUserFile, "Match user bob\nServerAliveInterval 5\n");
  options_.host = "bob@alpha";
  EXPECT_EQ(explain_json().at("keywords").at(4).at("value"), 5);
  options_.user = "carol";
  EXPECT_EQ(explain_json().at("keywords").at(4).at("value"), 0);
  options_.host = "ssh://alpha:2222";
  options_.user = "bob";
  EXPECT_EQ(explain_json().at("keywords").at(4).at("value"), 5);
}

TEST_F(ExplainSsh, NamedFileSkipsTheOthers) {
  write(kUserFile, "ServerAliveInterval 5\n");
  write(kSystemFile, "ServerAliveCountMax 6\n");
  write("/tmp/x", "TCPKeepAlive no\n");
  options_.file = "/tmp/x";
  const nlohmann::json json = explain_json();
  EXPECT_EQ(json.at("keywords").at(2).at("value"), "no");
  EXPECT_EQ(json.at("keywords").at(3).at("value"), 3);
  EXPECT_EQ(json.at("keywords").at(4).at("value"), 0);
  options_.file = "None";
  EXPECT_EQ(explain_json().at("keywords").at(2).at("value"), "yes");
}

TEST_F(ExplainSsh, TextNamesTheLineThatDecided) {
  write(kUserFile, "\nServerAliveInterval 5m\n");
  EXPECT_EQ(explain(), ExitCode::kOk);
  EXPECT_NE(out_.str().find("300 s = 5 min"), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("/home/alice/.ssh/config:2"), std::string::npos);
  EXPECT_NE(out_.str().find("not checked"), std::string::npos);
}

TEST_F(ExplainSsh, RefusalsAreNamedInOneLine) {
  write(kUserFile, "Secret word\nServerAliveInterval word\n");
  EXPECT_EQ(explain(), ExitCode::kRefused);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(
      err_.str(),
      "ssh_keepalive_exporter: /home/alice/.ssh/config:1: unknown keyword (and "
      "1 more)\n");
}

TEST_F(ExplainSsh, ExitCodes) {
  options_.file = "/absent";
  EXPECT_EQ(explain(), ExitCode::kNoInput);
  options_.file.clear();
  options_.host = "a b";
  EXPECT_EQ(explain(), ExitCode::kUsage);
  options_.host = "alpha";
  options_.user = "a;b";
  EXPECT_EQ(explain(), ExitCode::kUsage);
  options_.user.clear();
  options_.openssh_version = "new";
  EXPECT_EQ(explain(), ExitCode::kUsage);
  options_.openssh_version.clear();
  EXPECT_EQ(explain(), ExitCode::kOk);
}

TEST_F(ExplainSsh, FileThatMayNotBeReadIsDenied) {
  write("/tmp/x", "TCPKeepAlive no\n");
  const std::string root = directory_.path().string();
  ASSERT_EQ(::chmod(root.c_str(), 0755), 0);
  ASSERT_EQ(::chmod((root + "/tmp/x").c_str(), 0), 0);
  options_.file = "/tmp/x";
  {
    const testing::AsNobody nobody;
    EXPECT_EQ(explain(), ExitCode::kDenied);
  }
  EXPECT_EQ(err_.str(),
            "ssh_keepalive_exporter: open /tmp/x: Permission denied\n");
}

TEST_F(ExplainSsh, NoFileSteersATerminal) {
  write(kUserFile, "ProxyCommand nc \x1b[31m \xff\n");
  EXPECT_EQ(explain(), ExitCode::kOk);
  EXPECT_EQ(out_.str().find('\x1b'), std::string::npos);
  EXPECT_NE(explain_json().dump().find("nc"), std::string::npos);
}

}  // namespace
}  // namespace ssh_keepalive
