#include "collectors/openssh_syntax/pattern.h"

#include <gtest/gtest.h>

#include <string>

namespace ssh_keepalive::openssh {
namespace {

TEST(MatchPattern, StarsAndQuestionMarks) {
  EXPECT_TRUE(match_pattern("", ""));
  EXPECT_TRUE(match_pattern("", "*"));
  EXPECT_TRUE(match_pattern("abc", "abc"));
  EXPECT_TRUE(match_pattern("abc", "a?c"));
  EXPECT_TRUE(match_pattern("abc", "*c"));
  EXPECT_TRUE(match_pattern("abcbc", "a*bc"));
  EXPECT_TRUE(match_pattern("abc", "**a**"));
  EXPECT_FALSE(match_pattern("abc", "ab"));
  EXPECT_FALSE(match_pattern("", "?"));
  EXPECT_FALSE(match_pattern("abc", "*b"));
  EXPECT_FALSE(match_pattern("ABC", "abc"));
}

TEST(MatchPattern, ManyStarsTakeNoExponentialTime) {
  std::string pattern;
  for (int i = 0; i < 500; ++i) {
    pattern += "*a";
  }
  EXPECT_FALSE(match_pattern(std::string(2000, 'a'), pattern + "b"));
}

TEST(MatchPatternList, NegationWins) {
  EXPECT_TRUE(match_pattern_list("a", "a", false));
  EXPECT_TRUE(match_pattern_list("a", "b,a", false));
  EXPECT_TRUE(match_pattern_list("a", "*,!b", false));
  EXPECT_FALSE(match_pattern_list("b", "*,!b", false));
  EXPECT_FALSE(match_pattern_list("b", "!b,*", false));
  EXPECT_FALSE(match_pattern_list("a", "!b", false));
  EXPECT_FALSE(match_pattern_list("a", "", false));
}

TEST(MatchPatternList, LowerCase) {
  EXPECT_TRUE(match_pattern_list("host", "HOST", true));
  EXPECT_FALSE(match_pattern_list("host", "HOST", false));
}

TEST(MatchPatternList, TooLongPatternFailsTheList) {
  EXPECT_FALSE(match_pattern_list("a", std::string(2000, '*') + ",a", false));
}

TEST(PatternAsRead, AsteriskRunsUntilEightFour) {
  constexpr Release kBullseye{8, 4};
  EXPECT_EQ(pattern_as_read("a**", {8, 5}), "a**");
  EXPECT_EQ(pattern_as_read("a***", kBullseye), "a?*");
  EXPECT_EQ(pattern_as_read("**", kBullseye), "?*");
  EXPECT_EQ(pattern_as_read("a*", kBullseye), "a*");
  EXPECT_EQ(pattern_as_read("**a", kBullseye), "**a");
  EXPECT_EQ(list_as_read("**,!a**b,c**,", kBullseye), "?*,!a**b,c?*,");
  EXPECT_EQ(list_as_read("", kBullseye), "");
  const std::string too_long(1023, '*');
  EXPECT_EQ(list_as_read(too_long, kBullseye), too_long);
  EXPECT_FALSE(match_pattern_list("", list_as_read("**", kBullseye), false));
  EXPECT_TRUE(match_pattern_list("", list_as_read("**", {9, 2}), false));
}

}  // namespace
}  // namespace ssh_keepalive::openssh
