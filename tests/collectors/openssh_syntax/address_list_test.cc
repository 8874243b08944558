#include "collectors/openssh_syntax/address_list.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::openssh {
namespace {

constexpr Release kBookworm{9, 2};

TEST(MatchAddressList, AddressesNetworksAndPatterns) {
  EXPECT_EQ(match_address_list("10.1.2.3", "10.1.2.3", kBookworm), true);
  EXPECT_EQ(match_address_list("10.1.2.3", "10.0.0.0/8", kBookworm), true);
  EXPECT_EQ(match_address_list("10.1.2.3", "192.168.0.0/16,10.1.*", kBookworm),
            true);
  EXPECT_EQ(match_address_list("10.1.2.3", "10.2.0.0/16", kBookworm), false);
  EXPECT_EQ(match_address_list("10.1.2.3", "0.0.0.0/0", kBookworm), true);
  EXPECT_EQ(match_address_list("fe80::1", "fe80::/10", kBookworm), true);
  EXPECT_EQ(match_address_list("2001:db8::1", "2001:db8::/33", kBookworm),
            true);
  EXPECT_EQ(match_address_list("2001:db8:8000::1", "2001:db8::/33", kBookworm),
            false);
  EXPECT_EQ(match_address_list("10.1.2.3", "::/0", kBookworm), false);
}

TEST(MatchAddressList, NegationWins) {
  EXPECT_EQ(
      match_address_list("10.1.2.3", "10.0.0.0/8,!10.1.0.0/16", kBookworm),
      false);
  EXPECT_EQ(
      match_address_list("10.2.2.3", "10.0.0.0/8,!10.1.0.0/16", kBookworm),
      true);
  EXPECT_EQ(match_address_list("10.2.2.3", "!10.1.0.0/16", kBookworm), false);
}

TEST(MatchAddressList, RefusesWhatOpenSshRefuses) {
  for (const char* bad : {"", "10.0.0.1/8", "10.0.0.0/33", ",", "10.0.0.0/8,",
                          "!", "fe80::1/10", "::/129,::1/64"}) {
    EXPECT_FALSE(match_address_list(std::nullopt, bad, kBookworm)) << bad;
  }
  EXPECT_FALSE(match_address_list("10.1.2.3", "10.0.0.1/8", kBookworm));
}

TEST(MatchAddressList, OtherTextsArePatterns) {
  for (const char* pattern : {"10.0.0.0/x", "10.0.0.0/", "host", "::/129"}) {
    EXPECT_EQ(match_address_list(std::nullopt, pattern, kBookworm), false)
        << pattern;
  }
}

TEST(EndsOfNetwork, FirstAndLastAddress) {
  using Ends = std::pair<std::string, std::string>;
  EXPECT_EQ(ends_of_network("192.0.2.0/24"), Ends("192.0.2.0", "192.0.2.255"));
  EXPECT_EQ(ends_of_network("2001:db8::1"), Ends("2001:db8::1", "2001:db8::1"));
  using namespace std::string_view_literals;  // NOLINT(google-*)
  for (const std::string_view bad :
       {""sv, "192.0.2.1/24"sv, "host"sv, "192.0.2.0\0.5/24"sv}) {
    EXPECT_FALSE(ends_of_network(bad)) << bad;
  }
}

TEST(MatchAddressList, NoAddressNoMatch) {
  EXPECT_EQ(match_address_list("nonsense", "*", kBookworm), false);
  EXPECT_EQ(match_address_list("UNKNOWN", "10.0.0.1/8", kBookworm), false);
}

// As sshd of Debian 11, 12 and 13 took and refused them.
TEST(MatchAddressList, WhatCountsAsAMask) {
  constexpr Release kBullseye{8, 4};
  constexpr Release kTrixie{10, 0};
  for (const char* number : {"10.0.0.0/ 8", "10.0.0.0/+8", "10.0.0.0/08"}) {
    EXPECT_EQ(match_address_list("10.1.2.3", number, kBullseye), true);
    EXPECT_EQ(match_address_list("10.1.2.3", number, kTrixie), true);
  }
  // Else the element is a pattern.
  EXPECT_EQ(match_address_list("10.1.2.3", "10.0.0.0/+8", kBookworm), false);
  EXPECT_EQ(match_address_list("10.1.2.3", "10.0.0.0/08", kBookworm), true);
  EXPECT_EQ(match_address_list("10.1.2.3", "10.0.0.0/129", kBookworm), false);
  EXPECT_EQ(match_address_list("10.1.2.3", "10.0.0.0/129", kTrixie),
            std::nullopt);
  EXPECT_EQ(match_address_list("10.1.2.3", "10.0.0.0/-1", kTrixie), false);
  EXPECT_EQ(match_address_list("10.1.2.3", "10.0.0.0/", kBullseye), false);
}

}  // namespace
}  // namespace ssh_keepalive::openssh
