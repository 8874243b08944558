#include "exporter/http/query.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::http {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(ParseQuery, Pairs) {
  EXPECT_EQ(parse_query("a=1&b=2"), (Pairs{{"a", "1"}, {"b", "2"}}));
  EXPECT_EQ(parse_query("collect%5B%5D=sysctl&collect[]=x+y"),
            (Pairs{{"collect[]", "sysctl"}, {"collect[]", "x y"}}));
}

TEST(ParseQuery, EmptyTruncatedAndGarbage) {
  EXPECT_EQ(parse_query(""), Pairs{});
  EXPECT_EQ(parse_query("&&"), Pairs{});
  EXPECT_EQ(parse_query("a"), (Pairs{{"a", ""}}));
  EXPECT_EQ(parse_query("=b"), (Pairs{{"", "b"}}));
  EXPECT_EQ(parse_query("a=%"), (Pairs{{"a", "%"}}));
  EXPECT_EQ(parse_query("a=%4"), (Pairs{{"a", "%4"}}));
  EXPECT_EQ(parse_query("a=%zz"), (Pairs{{"a", "%zz"}}));
  EXPECT_EQ(parse_query("a=b=c"), (Pairs{{"a", "b=c"}}));
}

}  // namespace
}  // namespace ssh_keepalive::http
