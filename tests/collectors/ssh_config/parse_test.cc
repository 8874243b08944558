#include "tests/collectors/ssh_config/support.h"

namespace ssh_keepalive::ssh_config {
namespace {

using SshParse = SshConfigTest;

TEST_F(SshParse, KeywordsAndSeparators) {
  EXPECT_EQ(value("ServerAliveInterval 5\n"), "5");
  EXPECT_EQ(value("serveraliveinterval\t5"), "5");
  EXPECT_EQ(value("  SERVERALIVEINTERVAL=5\n"), "5");
  EXPECT_EQ(value("ServerAliveInterval = 5\n"), "5");
  EXPECT_EQ(value("\"ServerAliveInterval\" 5\n"), "5");
  EXPECT_EQ(value("=ServerAliveInterval 5\n"), "5");
  EXPECT_EQ(value("ServerAliveInterval == 5\n"), "refused");
}

TEST_F(SshParse, QuotesAndBackslashes) {
  EXPECT_EQ(value("ServerAliveInterval \"5\"\n"), "5");
  EXPECT_EQ(value("ServerAliveInterval '5'\n"), "5");
  EXPECT_EQ(value("Host 'al'\"pha\"\nServerAliveInterval 5\n"), "5");
  EXPECT_EQ(refusal("ServerAliveInterval \"5\n"),
            "/home/alice/.ssh/config:1: unbalanced quotes");
  // Before the keyword's own quote is closed there is no keyword at all.
  EXPECT_EQ(value("\"ServerAliveInterval 5\n"), "0");
}

TEST_F(SshParse, Comments) {
  EXPECT_EQ(value("# ServerAliveInterval 5\n"), "0");
  EXPECT_EQ(value("ServerAliveInterval 5 # five\n"), "5");
  EXPECT_EQ(value("ServerAliveInterval 5#five\n"), "refused");
  EXPECT_EQ(value("ServerAliveInterval # five\n"), "refused");
  // The rest of a ProxyCommand's line belongs to the command.
  EXPECT_EQ(value("ProxyCommand nc # x\n", Keyword::kProxyCommand), "nc # x");
}

TEST_F(SshParse, LineEnds) {
  EXPECT_EQ(value("\r\nServerAliveInterval 5\r\n"), "5");
  EXPECT_EQ(value("ServerAliveInterval 5 \f\n"), "5");
  EXPECT_EQ(value(std::string("ServerAliveInterval 5\0 x\n", 25)), "5");
  EXPECT_EQ(value("\f\n"), "refused");
  EXPECT_EQ(value("ServerAliveInterval \\\n5\n"), "refused");
}

TEST_F(SshParse, MissingAndExtraArguments) {
  for (const char* line :
       {"ServerAliveInterval", "ServerAliveInterval \"\"", "Host", "Match",
        "Include", "ForwardAgent", "Bogus", "LocalForward 1000",
        "ServerAliveInterval 5 6", "TCPKeepAlive yes no", "LogLevel INFO x",
        "RekeyLimit 1G 1h x", "Host a \"\"", "UserKnownHostsFile a \"\"",
        "Include \"\"", "Protocol"}) {
    EXPECT_EQ(value(std::string(line) + "\n"), "refused") << line;
  }
}

TEST_F(SshParse, RefusalsNameTheLineAndNothingOfIt) {
  EXPECT_EQ(refusal("\n\nSecretWord hunter2\n"),
            "/home/alice/.ssh/config:3: unknown keyword");
  EXPECT_EQ(refusal("ClientAliveInterval 5\n"),
            "/home/alice/.ssh/config:1: unknown keyword: it belongs into "
            "sshd_config");
  EXPECT_EQ(refusal("ServerAliveInterval hunter2\n"),
            "/home/alice/.ssh/config:1: invalid time");
}

TEST_F(SshParse, EveryRefusedLineOfAFileIsNamed) {
  const Evaluation evaluation =
      evaluate_text("Bogus 1\nServerAliveInterval 5\nServerAliveInterval x\n");
  ASSERT_EQ(evaluation.refusals.size(), 2U);
  EXPECT_EQ(evaluation.refusals.at(1).at.line, 3U);
}

// ssh looks at a host name's tokens when it has read all lines.
TEST_F(SshParse, NamesFirstWhatSshFindsFirst) {
  const Evaluation evaluation =
      evaluate_text("HostName %x\nServerAliveInterval x\n");
  ASSERT_EQ(evaluation.refusals.size(), 2U);
  EXPECT_EQ(evaluation.refusals.at(0).at.line, 2U);
  EXPECT_EQ(evaluation.refusals.at(1).at.line, 1U);
}

TEST_F(SshParse, RefusedWhetherOrNotTheBlockMatches) {
  EXPECT_EQ(value("Host other\nServerAliveInterval x\n"), "refused");
  EXPECT_EQ(value("Host other\nBogus x\n"), "refused");
}

TEST_F(SshParse, IgnoreUnknownCoversWhatFollows) {
  EXPECT_EQ(value("IgnoreUnknown bog*\nBogus 1 2 3\n"), "0");
  EXPECT_EQ(value("Bogus 1\nIgnoreUnknown bog*\n"), "refused");
  EXPECT_EQ(value("IgnoreUnknown other\nIgnoreUnknown bog*\nBogus 1\n"),
            "refused");
  EXPECT_EQ(value("Host other\nIgnoreUnknown *\nHost *\nBogus 1\n"), "refused");
  EXPECT_EQ(value("IgnoreUnknown *\nBogus\n"), "refused");
  EXPECT_EQ(value("IgnoreUnknown *\nBogus \"x\n"), "refused");
}

TEST_F(SshParse, OldKeywordsAreTakenWithAnyArguments) {
  EXPECT_EQ(value("Protocol 1 2 3\nCipher x y\nUseRoaming no no\n"
                  "RSAAuthentication a b c\nServerAliveInterval 5\n"),
            "5");
}

TEST_F(SshParse, HostileContent) {
  EXPECT_EQ(value(std::string(1 << 19, 'x') + " y\n"), "refused");
  EXPECT_EQ(value("Host " + std::string(1 << 19, '*') + "\n"), "0");
  std::string every_byte;
  for (int i = 0; i < 256; ++i) {
    every_byte += static_cast<char>(i);
  }
  EXPECT_EQ(value(every_byte), "refused");
  EXPECT_EQ(value("Host " + std::string(5000, '!') + "\n"), "0");
}

TEST_F(SshParse, CostlyPatternsAreALimit) {
  const std::string name(1000, 'a');
  std::string costly = "HostName " + name + "\nMatch final\n";
  for (int i = 0; i < 500; ++i) {
    costly += "Host *a*a*a*a*a" + name + "b\nMatch host *a*a" + name + "b\n";
  }
  write(kFile, costly);
  const Result<Evaluation> evaluation = try_evaluate();
  ASSERT_FALSE(evaluation.ok());
  EXPECT_EQ(evaluation.error().kind, ErrorKind::kLimit);
}

TEST_F(SshParse, NamesWithoutEndAreALimit) {
  write(kFile, "\nHostName " + std::string(1025, 'a') + "\n");
  EXPECT_EQ(try_evaluate().error().message(),
            "evaluate /home/alice/.ssh/config:2: a name longer than 1024 "
            "bytes");
  request_.host = std::string(600, 'a');
  write(kFile, "HostName %h%h\n");
  EXPECT_EQ(try_evaluate().error().kind, ErrorKind::kLimit);
  request_.host = std::string(1025, 'a');
  EXPECT_EQ(try_evaluate().error().kind, ErrorKind::kLimit);
}

TEST_F(SshParse, TooLargeAFileIsALimit) {
  write(kFile, std::string((1 << 20) + 1, '\n'));
  const Result<Evaluation> evaluation = try_evaluate();
  ASSERT_FALSE(evaluation.ok());
  EXPECT_EQ(evaluation.error().kind, ErrorKind::kLimit);
}

}  // namespace
}  // namespace ssh_keepalive::ssh_config
