#include "collectors/openssh_syntax/address_list.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::openssh {
namespace {

TEST(MatchAddressList, AddressesNetworksAndPatterns) {
  EXPECT_EQ(match_address_list("10.1.2.3", "10.1.2.3"), true);
  EXPECT_EQ(match_address_list("10.1.2.3", "10.0.0.0/8"), true);
  EXPECT_EQ(match_address_list("10.1.2.3", "192.168.0.0/16,10.1.*"), true);
  EXPECT_EQ(match_address_list("10.1.2.3", "10.2.0.0/16"), false);
  EXPECT_EQ(match_address_list("10.1.2.3", "0.0.0.0/0"), true);
  EXPECT_EQ(match_address_list("fe80::1", "fe80::/10"), true);
  EXPECT_EQ(match_address_list("2001:db8::1", "2001:db8::/33"), true);
  EXPECT_EQ(match_address_list("2001:db8:8000::1", "2001:db8::/33"), false);
  EXPECT_EQ(match_address_list("10.1.2.3", "::/0"), false);
}

TEST(MatchAddressList, NegationWins) {
  EXPECT_EQ(match_address_list("10.1.2.3", "10.0.0.0/8,!10.1.0.0/16"), false);
  EXPECT_EQ(match_address_list("10.2.2.3", "10.0.0.0/8,!10.1.0.0/16"), true);
  EXPECT_EQ(match_address_list("10.2.2.3", "!10.1.0.0/16"), false);
}

TEST(MatchAddressList, RefusesWhatOpenSshRefuses) {
  for (const char* bad : {"", "10.0.0.1/8", "10.0.0.0/33", ",", "10.0.0.0/8,",
                          "!", "fe80::1/10", "::/129,::1/64"}) {
    EXPECT_FALSE(match_address_list(std::nullopt, bad)) << bad;
  }
  EXPECT_FALSE(match_address_list("10.1.2.3", "10.0.0.1/8"));
}

TEST(MatchAddressList, OtherTextsArePatterns) {
  for (const char* pattern : {"10.0.0.0/x", "10.0.0.0/", "host", "::/129"}) {
    EXPECT_EQ(match_address_list(std::nullopt, pattern), false) << pattern;
  }
}

TEST(MatchAddressList, NoAddressNoMatch) {
  EXPECT_EQ(match_address_list("nonsense", "*"), false);
  EXPECT_EQ(match_address_list("UNKNOWN", "10.0.0.1/8"), false);
}

}  // namespace
}  // namespace ssh_keepalive::openssh
