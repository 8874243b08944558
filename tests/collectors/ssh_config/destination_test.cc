#include "collectors/ssh_config/destination.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::ssh_config {
namespace {

TEST(ParseDestination, Good) {
  EXPECT_EQ(parse_destination("alpha", {}), (Destination{.host = "alpha"}));
  EXPECT_EQ(parse_destination("bob@alpha", {}),
            (Destination{.user = "bob", .host = "alpha"}));
  EXPECT_EQ(parse_destination("bob@x@alpha", {}),
            (Destination{.user = "bob@x", .host = "alpha"}));
  EXPECT_EQ(parse_destination("::1", {}), (Destination{.host = "::1"}));
  EXPECT_EQ(parse_destination("ssh://bob@alpha:2222", {}),
            (Destination{.user = "bob", .host = "alpha", .port = 2222}));
  EXPECT_EQ(parse_destination("ssh://bob;x=y@alpha/", {}),
            (Destination{.user = "bob", .host = "alpha"}));
  EXPECT_EQ(parse_destination("ssh://b%6Fb@alpha", {}),
            (Destination{.user = "bob", .host = "alpha"}));
}

TEST(ParseDestination, RefusedBySsh) {
  for (const char* text : {"@alpha",
                           "-alpha",
                           "al pha",
                           "$(x)",
                           "a;b",
                           "a`b",
                           "a\nb",
                           "ssh://",
                           "ssh://alpha:0",
                           "ssh://alpha:x",
                           "ssh://alpha/path",
                           "ssh://@alpha",
                           "ssh://a..b",
                           "ssh://.a",
                           "ssh://b%zz@alpha",
                           "ssh://b%4@alpha",
                           "-b@alpha",
                           "b;c@alpha",
                           "ssh://[alpha",
                           "ssh://[alpha]x",
                           "al,pha",
                           "b\x7f@alpha",
                           "b\t@alpha",
                           "ssh://b%00@alpha",
                           "ssh://b%-1@alpha",
                           "ssh://b%01@alpha"}) {
    EXPECT_FALSE(parse_destination(text, {})) << text;
  }
}

TEST(ParseRemotePort, NumbersAndServices) {
  EXPECT_EQ(parse_remote_port("22", {}), 22);
  EXPECT_EQ(parse_remote_port("65535", {}), 65535);
  for (const char* text : {"", "0", "-1", "65536", "22x", "no-such-service"}) {
    EXPECT_FALSE(parse_remote_port(text, {})) << text;
  }
}

}  // namespace
}  // namespace ssh_keepalive::ssh_config
