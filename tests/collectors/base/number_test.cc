#include "collectors/base/number.h"

#include <gtest/gtest.h>

namespace ssh_keepalive {
namespace {

TEST(ParseInteger, TakesTheWholeText) {
  EXPECT_EQ(parse_integer<int>("0"), 0);
  EXPECT_EQ(parse_integer<int>("-1"), -1);
  EXPECT_EQ(parse_integer<std::uint16_t>("65535"), 65535);
}

TEST(ParseInteger, RefusesEverythingElse) {
  for (const char* text :
       {"", " ", "1 ", " 1", "+1", "0x10", "1.0", "abc", "1a", "--1", "-"}) {
    EXPECT_FALSE(parse_integer<int>(text)) << '"' << text << '"';
  }
}

TEST(ParseInteger, RefusesOverflow) {
  EXPECT_FALSE(parse_integer<std::uint16_t>("65536"));
  EXPECT_FALSE(parse_integer<std::uint16_t>("-1"));
  EXPECT_FALSE(parse_integer<std::int64_t>("9223372036854775808"));
  EXPECT_EQ(parse_integer<std::int64_t>("9223372036854775807"),
            9223372036854775807);
}

TEST(Trim, TakesWhiteSpaceFromBothEnds) {
  EXPECT_EQ(trim(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(trim(""), "");
}

}  // namespace
}  // namespace ssh_keepalive
