// Rules that differ between releases.
#include "tests/collectors/ssh_config/support.h"

namespace ssh_keepalive::ssh_config {
namespace {

using SshRelease84 = SshConfigTest;
using SshRelease99 = SshConfigTest;
using SshRelease100 = SshConfigTest;

constexpr char kFive[] = "\nServerAliveInterval 5\n";

TEST_F(SshRelease84, WordsAreCutAtWhiteSpaceAndEquals) {
  version_.release = {8, 4};
  EXPECT_EQ(value("ServerAliveInterval = 5\n"), "5");
  EXPECT_EQ(value("ServerAliveInterval \"5\"\n"), "5");
  EXPECT_EQ(value("ServerAliveInterval '5'\n"), "refused");
  EXPECT_EQ(value("ServerAliveInterval 5 # five\n"), "refused");
  EXPECT_EQ(value(std::string("Host a=alpha") + kFive), "5");
  EXPECT_EQ(value("Protocol\nServerAliveInterval 5\n"), "5");
  EXPECT_EQ(value(std::string("Match host alpha # x") + kFive), "refused");
}

TEST_F(SshRelease84, KeywordsCameLater) {
  version_.release = {8, 4};
  EXPECT_EQ(value("SessionType none\n"), "refused");
  EXPECT_EQ(value("KnownHostsCommand x\n"), "refused");
  EXPECT_EQ(value("SkeyAuthentication a b\n"), "0");
  version_.release = {8, 7};
  EXPECT_EQ(value("SessionType none\nKnownHostsCommand x\n"), "0");
  EXPECT_EQ(value("SkeyAuthentication a b\n"), "refused");
}

TEST_F(SshRelease84, JumpHostsAreCutOddlyBefore101) {
  EXPECT_EQ(value("ProxyJump a b\n", Keyword::kProxyJump), "a");
  EXPECT_EQ(value("ProxyJump a,b # c,d\n", Keyword::kProxyJump),
            "a,b # c,b");  // as ssh 9.2 prints it
  version_.release = {10, 3};
  EXPECT_EQ(value("ProxyJump a,b # c,d\n", Keyword::kProxyJump), "a,b");
  EXPECT_EQ(value("ProxyJump a b\n", Keyword::kProxyJump), "a b");
}

TEST_F(SshRelease99, MatchTakesWholeArguments) {
  EXPECT_EQ(value(std::string("Match host=alpha") + kFive), "5");
  version_.release = {9, 9};
  EXPECT_EQ(value(std::string("Match host=alpha user alice") + kFive),
            "refused");
  EXPECT_EQ(value(std::string("Match host 'alpha'") + kFive), "5");
}

TEST_F(SshRelease100, EqualsIsBackAndFractionsCome) {
  version_.release = {10, 0};
  EXPECT_EQ(value(std::string("Match host=alpha user=alice") + kFive), "5");
  EXPECT_EQ(value(std::string("Match sessiontype=shell") + kFive), "refused");
  EXPECT_EQ(value("ServerAliveInterval 1.5\n"), "refused");
  version_.release = {10, 3};
  EXPECT_EQ(value("ServerAliveInterval 1.5\n"), "1");
}

TEST_F(SshRelease100, ListsMayNotBeEmptyFrom97) {
  EXPECT_EQ(value("SendEnv # none\n"), "0");
  version_.release = {9, 7};
  EXPECT_EQ(value("SendEnv # none\n"), "refused");
}

}  // namespace
}  // namespace ssh_keepalive::ssh_config
