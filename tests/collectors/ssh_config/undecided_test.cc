#include "tests/collectors/ssh_config/support.h"

namespace ssh_keepalive::ssh_config {
namespace {

using UndecidedValues = SshConfigTest;

TEST_F(UndecidedValues, ExecIsNeverRun) {
  const std::string marker = directory_.path().string() + "/ran";
  const Evaluation evaluation = evaluate_text("\nMatch exec \"touch " + marker +
                                              "\"\nServerAliveInterval 5\n");
  EXPECT_FALSE(std::filesystem::exists(marker));
  EXPECT_FALSE(evaluation.number(Keyword::kServerAliveInterval));
  ASSERT_EQ(evaluation.undecided.size(), 1U);
  const Undecided& entry = evaluation.undecided[0];
  EXPECT_EQ(entry.keyword, "serveraliveinterval");
  EXPECT_EQ(entry.if_true, "5");
  EXPECT_EQ(entry.if_false, "0");
  EXPECT_EQ(entry.source, (Location{kFile, 2}));
  EXPECT_EQ(entry.reason, "Match exec is never executed");
}

TEST_F(UndecidedValues, OtherKeywordsStayDecided) {
  const Evaluation evaluation = evaluate_text(
      "Match exec true\nServerAliveInterval 5\nMatch all\nTCPKeepAlive no\n");
  EXPECT_EQ(evaluation.number(Keyword::kTcpKeepAlive), 0);
}

TEST_F(UndecidedValues, AnEarlierLineOrTheSameValueDecides) {
  EXPECT_EQ(value("ServerAliveInterval 6\nMatch exec true\n"
                  "ServerAliveInterval 5\n"),
            "6");
  EXPECT_EQ(value("Match exec true\nServerAliveInterval 5\n"
                  "Match all\nServerAliveInterval 5\n"),
            "5");
}

TEST_F(UndecidedValues, AFailedCriterionDecides) {
  EXPECT_EQ(value("Match host beta exec true\nServerAliveInterval 5\n"), "0");
  EXPECT_EQ(value("Match exec true host beta\nServerAliveInterval 5\n"), "0");
  EXPECT_EQ(value("Match !exec true host alpha\nServerAliveInterval 5\n"),
            "undecided");
}

TEST_F(UndecidedValues, SpreadsThroughWhatItSets) {
  const Evaluation evaluation = evaluate_text(
      "Match exec true\nHostName real\nMatch host real\n"
      "ServerAliveInterval 5\nMatch host alpha\nConnectTimeout 6\n"
      "Match host other\nTCPKeepAlive no\n");
  EXPECT_EQ(evaluation.number(Keyword::kTcpKeepAlive), 1);
  ASSERT_EQ(evaluation.undecided.size(), 2U);
  EXPECT_EQ(evaluation.undecided[0].keyword, "serveraliveinterval");
  EXPECT_EQ(evaluation.undecided[0].source, (Location{kFile, 1}));
  EXPECT_EQ(evaluation.undecided[1].keyword, "connecttimeout");
}

TEST_F(UndecidedValues, IncludesInsideFollowTheirBlock) {
  write("/etc/x", "ServerAliveInterval 5\nHost beta\nConnectTimeout 1\n");
  const Evaluation evaluation =
      evaluate_text("Match exec true\nInclude /etc/x\n");
  ASSERT_EQ(evaluation.undecided.size(), 1U);
  EXPECT_EQ(evaluation.undecided[0].keyword, "serveraliveinterval");
}

TEST_F(UndecidedValues, BatchModeSpreadsToTheInterval) {
  EXPECT_EQ(value("Match exec true\nBatchMode yes\n"), "undecided");
  EXPECT_EQ(evaluate_files().undecided.at(1).if_true, "300");
  EXPECT_EQ(value("Match exec true\nBatchMode yes\nMatch all\n"
                  "ServerAliveInterval 5\n"),
            "5");
}

TEST_F(UndecidedValues, UnknownKeywordIsNotedWhereItMayBeIgnored) {
  const Evaluation evaluation = evaluate_text(
      "Match exec true\nIgnoreUnknown bogus\nMatch all\nBogus 1\n");
  EXPECT_TRUE(evaluation.refusals.empty());
  ASSERT_EQ(evaluation.notes.size(), 1U);
  EXPECT_EQ(evaluation.notes[0].find("Bogus"), std::string::npos);
}

TEST_F(UndecidedValues, UnknownLocalUser) {
  request_.local_user.reset();
  EXPECT_EQ(value("Match user alice\nServerAliveInterval 5\n"), "undecided");
  EXPECT_EQ(value("Match localuser alice\nServerAliveInterval 5\n"),
            "undecided");
  EXPECT_EQ(value("User bob\nMatch user bob\nServerAliveInterval 5\n"), "5");
}

TEST_F(UndecidedValues, LocalNetwork) {
  version_.release = {9, 4};
  EXPECT_EQ(value("Match localnetwork 10.0.0.0/8\nServerAliveInterval 5\n"),
            "undecided");
  for (const char* bad : {"10.0.0.1/8", "x", "", "10.0.0.0/8,", "10.0.0.0/33",
                          "!10.0.0.0/8", "1"}) {
    EXPECT_EQ(value("Match localnetwork \"" + std::string(bad) + "\"\n"),
              "refused")
        << bad;
  }
}

TEST_F(UndecidedValues, ManyCommandsAreBoundedWork) {
  std::string text;
  for (int i = 1; i <= 10'000; ++i) {
    text += "Match exec true\nServerAliveInterval " + std::to_string(i) + "\n";
  }
  const Evaluation evaluation = evaluate_text(text);
  EXPECT_EQ(evaluation.undecided.size(), 64U);
  EXPECT_EQ(evaluation.notes.size(), 1U);
}

}  // namespace
}  // namespace ssh_keepalive::ssh_config
