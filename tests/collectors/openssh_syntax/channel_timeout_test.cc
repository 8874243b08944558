#include "collectors/openssh_syntax/channel_timeout.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::openssh {
namespace {

constexpr Release kDebian12{9, 2};
constexpr Release kDebian13{10, 0};

std::optional<std::int64_t> shell(const std::vector<std::string>& words,
                                  Release release = kDebian13) {
  return channel_timeout("session:shell",
                         parse_channel_timeouts(words, release), release);
}

TEST(ChannelTimeouts, FirstPatternThatMatches) {
  EXPECT_EQ(shell({"x11-connection=1m", "session:sh*=5m", "*=1h"}), 300);
  EXPECT_EQ(shell({"*=1h", "session:shell=5m"}), 3600);
  EXPECT_EQ(shell({"session=5m"}), std::nullopt);
  EXPECT_EQ(shell({"session:shell=0", "*=1h"}), std::nullopt) << "never";
}

TEST(ChannelTimeouts, GlobalFromNineSevenOn) {
  EXPECT_EQ(shell({"global=5m"}, kDebian12), std::nullopt);
  EXPECT_EQ(shell({"global=5m"}, {9, 6}), std::nullopt);
  EXPECT_EQ(shell({"global=5m"}, {9, 7}), 300);
  EXPECT_EQ(shell({"global=5m", "*=1m"}), 60) << "the sooner one";
  EXPECT_EQ(shell({"global=5m", "*=1h"}), 300);
  EXPECT_EQ(shell({"global=5m", "global=9m"}), 540) << "the last one";
  EXPECT_EQ(shell({"global=5m", "global=0"}), std::nullopt);
}

TEST(ChannelTimeouts, WordsThatSayNothing) {
  EXPECT_TRUE(parse_channel_timeouts({}, kDebian13).empty());
  const std::vector<std::string> words = {
      "none", "", "=", "*=", "*=soon", "*=99999999999999999999", "=5m"};
  EXPECT_EQ(parse_channel_timeouts(words, kDebian13),
            (std::vector<ChannelTimeout>{{"", 300}}));
  EXPECT_EQ(shell(words), std::nullopt);
}

}  // namespace
}  // namespace ssh_keepalive::openssh
