#include "tests/collectors/ssh_config/support.h"

namespace ssh_keepalive::ssh_config {
namespace {

using HostBlock = SshConfigTest;
using MatchBlock = SshConfigTest;

constexpr char kFive[] = "\nServerAliveInterval 5\n";

TEST_F(HostBlock, Patterns) {
  EXPECT_EQ(value(std::string("Host alpha") + kFive), "5");
  EXPECT_EQ(value(std::string("Host al*a") + kFive), "5");
  EXPECT_EQ(value(std::string("Host ?lpha") + kFive), "5");
  EXPECT_EQ(value(std::string("Host beta alpha") + kFive), "5");
  EXPECT_EQ(value(std::string("Host beta") + kFive), "0");
  EXPECT_EQ(value(std::string("Host ALPHA") + kFive), "0");
  EXPECT_EQ(value(std::string("Host alpha,beta") + kFive), "0");
}

TEST_F(HostBlock, NegationEndsTheLineAndAloneMatchesNothing) {
  EXPECT_EQ(value(std::string("Host * !alpha") + kFive), "0");
  EXPECT_EQ(value(std::string("Host !alpha *") + kFive), "0");
  EXPECT_EQ(value(std::string("Host !beta") + kFive), "0");
  EXPECT_EQ(value(std::string("Host !beta *") + kFive), "5");
}

TEST_F(HostBlock, EndsAtTheNextBlock) {
  EXPECT_EQ(value("Host beta\nServerAliveInterval 5\nHost *\n"
                  "ServerAliveInterval 6\n"),
            "6");
  EXPECT_EQ(value("Host beta\nMatch all\nServerAliveInterval 6\n"), "6");
}

TEST_F(HostBlock, SeesTheNameAsGiven) {
  const char* const text = "HostName real\nHost real\nServerAliveInterval 5\n";
  EXPECT_EQ(value(text), "0");
}

TEST_F(MatchBlock, All) {
  EXPECT_EQ(value(std::string("Match all") + kFive), "5");
  EXPECT_EQ(value(std::string("Match ALL # x") + kFive), "5");
  EXPECT_EQ(value(std::string("Match !all") + kFive), "0");
  EXPECT_EQ(value(std::string("Match all host alpha") + kFive), "refused");
  EXPECT_EQ(value(std::string("Match host alpha user x all") + kFive),
            "refused");
}

TEST_F(MatchBlock, HostFollowsHostName) {
  EXPECT_EQ(value(std::string("HostName real\nMatch host real") + kFive), "5");
  EXPECT_EQ(value(std::string("HostName %h.net\nMatch host alpha.net") + kFive),
            "5");
  EXPECT_EQ(value(std::string("HostName r\nMatch originalhost alpha") + kFive),
            "5");
  EXPECT_EQ(value(std::string("Match host ALPHA") + kFive), "5");
  EXPECT_EQ(value(std::string("Match host x,al*") + kFive), "5");
  EXPECT_EQ(value(std::string("Match host *,!alpha") + kFive), "0");
  EXPECT_EQ(value(std::string("Match host !alpha") + kFive), "0");
  EXPECT_EQ(value(std::string("Match !host beta") + kFive), "5");
}

TEST_F(MatchBlock, UnknownTokenInHostNameIsRefusedWhereItActs) {
  EXPECT_EQ(value("HostName %x\n"), "refused");
  EXPECT_EQ(value("HostName %\n"), "refused");
  EXPECT_EQ(value("Host other\nHostName %x\n"), "0");
}

TEST_F(MatchBlock, Users) {
  EXPECT_EQ(value(std::string("Match user alice") + kFive), "5");
  EXPECT_EQ(value(std::string("User bob\nMatch user bob") + kFive), "5");
  EXPECT_EQ(value(std::string("User bob\nMatch localuser alice") + kFive), "5");
  EXPECT_EQ(value(std::string("Match user Alice") + kFive), "0");
  request_.user = "carol";  // the command line wins
  EXPECT_EQ(value(std::string("User bob\nMatch user carol") + kFive), "5");
}

TEST_F(MatchBlock, AllCriteriaMustHold) {
  EXPECT_EQ(value(std::string("Match host alpha user alice") + kFive), "5");
  EXPECT_EQ(value(std::string("Match host alpha user bob") + kFive), "0");
}

TEST_F(MatchBlock, Grammar) {
  for (const char* line :
       {"Match", "Match # x", "Match host", "Match host \"\"", "Match host #x",
        "Match bogus x", "Match user", "Match \"\"", "Match tagged x",
        "Match localnetwork 10.0.0.0/8", "Match version x",
        "Match exec \"echo %z\"", "Match exec"}) {
    EXPECT_EQ(value(line + std::string(kFive)), "refused") << line;
  }
  EXPECT_EQ(value(std::string("Match host=alpha") + kFive), "5");
  EXPECT_EQ(value(std::string("Match = host alpha") + kFive), "5");
}

TEST_F(MatchBlock, Tagged) {
  version_.release = {9, 4};
  EXPECT_EQ(value(std::string("Tag work\nMatch tagged w*") + kFive), "5");
  EXPECT_EQ(value(std::string("Match tagged work") + kFive), "0");
  EXPECT_EQ(value(std::string("Match tagged \"\"") + kFive), "refused");
  version_.release = {10, 0};
  EXPECT_EQ(value(std::string("Match tagged \"\"") + kFive), "5");
  EXPECT_EQ(value(std::string("Tag work\nMatch tagged \"\"") + kFive), "0");
}

TEST_F(MatchBlock, CriteriaOf100) {
  version_ = *openssh::parse_version("1:10.0p1-7");
  EXPECT_EQ(value(std::string("Match version OpenSSH_10.*") + kFive), "5");
  EXPECT_EQ(value(std::string("Match version OpenSSH_9.*") + kFive), "0");
  EXPECT_EQ(value(std::string("Match sessiontype shell") + kFive), "5");
  EXPECT_EQ(
      value(std::string("SessionType none\nMatch sessiontype none") + kFive),
      "5");
  EXPECT_EQ(value(std::string("Match command \"\"") + kFive), "5");
  EXPECT_EQ(value(std::string("Match command *") + kFive), "0");
}

TEST_F(MatchBlock, RefuseConnectionActsWhereItsBlockMatches) {
  version_.release = {10, 1};
  EXPECT_EQ(value("RefuseConnection \"no way\"\n"), "refused");
  EXPECT_EQ(value("Host other\nRefuseConnection \"no way\"\n"), "0");
}

// Appended to the end of a file, below the last Host.
TEST_F(HostBlock, LineThatStraysBelowABlockIsNoted) {
  const Evaluation evaluation =
      evaluate_text("Host beta\n  User bob\n\nServerAliveInterval 60\n");
  ASSERT_EQ(evaluation.notes.size(), 1U);
  EXPECT_EQ(evaluation.notes.front(),
            std::string(kFile) +
                ":4: serveraliveinterval belongs to the block of line 1, which "
                "is not for this host; if it is meant for all hosts, it must "
                "stand above that line");
}

TEST_F(HostBlock, LinesOfOtherBlocksAreNotNoted) {
  for (const char* const text :
       {"Host beta\n  ServerAliveInterval 60\n",
        "Host beta\nUser bob\nServerAliveInterval 60\n",
        "Host alpha\n  User bob\nServerAliveInterval 60\n",
        "Host beta\n  User bob\nHost gamma\nServerAliveInterval 60\n"}) {
    EXPECT_TRUE(evaluate_text(text).notes.empty()) << text;
  }
}

}  // namespace
}  // namespace ssh_keepalive::ssh_config
