// Rules that differ between releases.
#include <filesystem>

#include "tests/collectors/ssh_config/support.h"

namespace ssh_keepalive::ssh_config {
namespace {

using SshRelease84 = SshConfigTest;
using SshRelease99 = SshConfigTest;
using SshRelease100 = SshConfigTest;
using SshReleases = SshConfigTest;

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

TEST_F(SshRelease84, LooksBehindTheEmptyWord) {
  version_ = {.release = {8, 4}, .text = "8.4p1"};
  // As ssh 8.4p1 of Debian 11 took and refused them.
  EXPECT_EQ(value("ServerAliveInterval 7 \"\" x\n"), "7");
  EXPECT_EQ(value("Host \"\" x\nServerAliveInterval 7\n"), "0");
  EXPECT_EQ(value("\"Host\" = *\nServerAliveInterval 7\n"), "0");
  EXPECT_EQ(value("SendEnv LANG \"\" x\n"), "refused");
  EXPECT_EQ(value("SendEnv LANG \"\" \"\" x\n"), "0");
  EXPECT_EQ(value("UserKnownHostsFile a \"\" x\n"), "0");
  EXPECT_EQ(value("RekeyLimit \"1G\"\n"), "refused");
  EXPECT_EQ(value("RekeyLimit 1G \"1h\n"), "refused");
  EXPECT_EQ(value("CanonicalDomains a none\n"), "0");
  EXPECT_EQ(value("ProxyCommand =\n", Keyword::kProxyCommand), "");
  EXPECT_EQ(value("ProxyCommand\n"), "refused");
  EXPECT_EQ(value("Match user x \"\"\" y\n"), "0");
  EXPECT_EQ(value("Match user x \"\" y\n"), "refused");
  EXPECT_EQ(value("ServerAliveInterval 2147483648\n"), "-2147483648");
}

TEST_F(SshRelease84, DanglingIncludeIsAnError) {
  std::filesystem::create_directories(directory_.path() / "etc");
  std::filesystem::create_symlink("nowhere", directory_.path() / "etc/x");
  EXPECT_EQ(value("Include /etc/x\n"), "0");
  version_ = {.release = {8, 4}, .text = "8.4p1"};
  EXPECT_EQ(value("Include /etc/x\n"), "refused");
}

TEST_F(SshReleases, SetupTimeOutIsAnAliasOfAnotherKeywordFrom99) {
  EXPECT_EQ(value("SetupTimeOut 7\n"), "7");
  version_ = {.release = {10, 0}, .text = "10.0p1"};
  EXPECT_EQ(value("SetupTimeOut 7\n"), "0");
  EXPECT_EQ(value("SetupTimeOut 7\n", Keyword::kConnectTimeout), "7");
}

TEST_F(SshReleases, DebiansUpdatesBringTheProxyJumpOf103) {
  const std::string_view text = "ProxyJump none\nProxyCommand nc\n";
  EXPECT_EQ(value(text, Keyword::kProxyCommand), "none");
  EXPECT_EQ(value("ProxyJump a,b # c\n", Keyword::kProxyJump), "a,b");
  EXPECT_EQ(value("ProxyJump a ,b\n", Keyword::kProxyJump), "a ,a");
  version_ = *openssh::parse_version("1:9.2p1-2+deb12u10");
  EXPECT_EQ(value(text, Keyword::kProxyCommand), "nc");
  EXPECT_EQ(value("ProxyJump a ,b\n", Keyword::kProxyJump), "a");
}

}  // namespace
}  // namespace ssh_keepalive::ssh_config
