#include "collectors/sshd_config/reachable.h"

#include <gtest/gtest.h>

#include "tests/support.h"

namespace ssh_keepalive::sshd_config {
namespace {

class ReachableValues : public ::testing::Test {
 protected:
  Reachable find(const std::string& content) {
    directory_.write("/etc/ssh/sshd_config", content);
    const Result<Document> document =
        read_document(*HostRoot::open(directory_.path().string()),
                      "/etc/ssh/sshd_config", openssh::Version());
    const Evaluation globals = evaluate(*document, nullptr);
    EXPECT_FALSE(globals.refusal) << globals.refusal->reason;
    return reachable(*document, globals);
  }

  int latest_refresh(const std::string& content) {
    return find(content).latest_refresh.interval_seconds;
  }

  testing::TemporaryDirectory directory_;
};

TEST_F(ReachableValues, WithoutBlocksTheGlobals) {
  const Reachable found =
      find("ClientAliveInterval 30\nClientAliveCountMax 4\n");
  EXPECT_EQ(found.latest_refresh, (ClientAlive{30, 4}));
  EXPECT_EQ(found.latest_end, (ClientAlive{30, 4}));
  EXPECT_TRUE(found.exact);
}

TEST_F(ReachableValues, LongestIntervalOfAnyBlock) {
  EXPECT_EQ(latest_refresh("ClientAliveInterval 30\n"
                           "Match User a\nClientAliveInterval 60\n"
                           "Match User b\nClientAliveInterval 10\n"),
            60);
}

TEST_F(ReachableValues, OffIsLongestOfAll) {
  EXPECT_EQ(latest_refresh("ClientAliveInterval 30\n"
                           "Match User a\nClientAliveInterval 0\n"
                           "Match User b\nClientAliveInterval 100\n"),
            0);
}

TEST_F(ReachableValues, BlockBehindAWiderOneNeverActs) {
  EXPECT_EQ(
      latest_refresh("ClientAliveInterval 30\n"
                     "Match Address 10.0.0.0/8\nClientAliveInterval 60\n"
                     "Match Address 10.1.0.0/16\nClientAliveInterval 600\n"),
      60);
}

TEST_F(ReachableValues, BlockForAllHidesTheGlobals) {
  EXPECT_EQ(latest_refresh("ClientAliveInterval 300\n"
                           "Match User *\nClientAliveInterval 60\n"),
            60);
  EXPECT_EQ(latest_refresh("ClientAliveInterval 300\n"
                           "Match all\nClientAliveInterval 60\n"),
            60);
}

TEST_F(ReachableValues, ExceptionsKeepTheGlobals) {
  EXPECT_EQ(latest_refresh("ClientAliveInterval 300\n"
                           "Match User *,!alice\nClientAliveInterval 60\n"),
            300);
  EXPECT_EQ(
      latest_refresh(
          "ClientAliveInterval 300\n"
          "Match Address 0.0.0.0/0,::/0,!10.0.0.0/8\nClientAliveInterval 60\n"),
      300);
}

TEST_F(ReachableValues, TwoBlocksMeetInOneConnection) {
  const Reachable found = find(
      "Match User alice\nClientAliveInterval 100\n"
      "Match Address 192.0.2.0/24\nClientAliveCountMax 9\n"
      "Match User bob\nClientAliveInterval 10\nClientAliveCountMax 20\n");
  EXPECT_EQ(found.latest_end.interval_seconds, 0) << "nobody else is asked";
  const Reachable on = find(
      "ClientAliveInterval 1\n"
      "Match User alice\nClientAliveInterval 100\n"
      "Match Address 192.0.2.0/24\nClientAliveCountMax 9\n"
      "Match User bob\nClientAliveInterval 10\nClientAliveCountMax 20\n");
  EXPECT_EQ(on.latest_end, (ClientAlive{100, 9}));
}

TEST_F(ReachableValues, OneConnectionHasOneUser) {
  const Reachable found = find(
      "ClientAliveInterval 1\n"
      "Match User alice\nClientAliveInterval 100\n"
      "Match User bob\nClientAliveCountMax 50\n");
  EXPECT_EQ(found.latest_end, (ClientAlive{100, 3}));
}

TEST_F(ReachableValues, GroupsOverlap) {
  const Reachable found = find(
      "ClientAliveInterval 1\n"
      "Match Group staff\nClientAliveInterval 100\n"
      "Match Group admin*\nClientAliveCountMax 50\n");
  EXPECT_EQ(found.latest_end, (ClientAlive{100, 50}));
}

TEST_F(ReachableValues, PortsThatNobodyListensOnAreNotMet) {
  EXPECT_EQ(latest_refresh("Port 22\nPort 2222\nClientAliveInterval 1\n"
                           "Match LocalPort 2222\nClientAliveInterval 2\n"
                           "Match LocalPort 99\nClientAliveInterval 3\n"),
            2);
}

TEST_F(ReachableValues, BlocksOfIncludedFiles) {
  directory_.write("/etc/ssh/extra",
                   "ClientAliveCountMax 7\nMatch Host *.example.com\n"
                   "ClientAliveInterval 50\n");
  const Reachable found =
      find("ClientAliveInterval 1\nMatch User alice\nInclude extra\n");
  EXPECT_EQ(found.latest_end, (ClientAlive{50, 7}));
}

TEST_F(ReachableValues, CountOfZeroNeverEnds) {
  const Reachable found = find(
      "ClientAliveInterval 1\nMatch User a\nClientAliveCountMax 0\n"
      "Match User b\nClientAliveInterval 900\n");
  EXPECT_EQ(found.latest_end, (ClientAlive{1, 0}));
  EXPECT_EQ(found.latest_refresh.interval_seconds, 900);
}

TEST_F(ReachableValues, WorkIsBoundedWithManyBlocks) {
  std::string content = "ClientAliveInterval 1\n";
  for (int i = 0; i < 10'000; ++i) {
    content += "Match User u" + std::to_string(i) + "\n" +
               (i % 2 == 0 ? "ClientAliveInterval " : "ClientAliveCountMax ") +
               std::to_string(2 + i % 997) + "\n";
  }
  const Reachable found = find(content);
  EXPECT_EQ(found.latest_refresh.interval_seconds, 998);
  EXPECT_FALSE(found.exact) << "users never share a connection";
  EXPECT_GE(
      found.latest_end.interval_seconds * (found.latest_end.count_max + 1),
      998 * 4);
}

}  // namespace
}  // namespace ssh_keepalive::sshd_config
