#include "collectors/openssh_syntax/values.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::openssh {
namespace {

constexpr Release kBookworm{9, 2};
constexpr Release kWithFractions{10, 3};

TEST(ParseTime, UnitsAddUp) {
  EXPECT_EQ(parse_time("0", kBookworm), 0);
  EXPECT_EQ(parse_time("90", kBookworm), 90);
  EXPECT_EQ(parse_time("1h30m", kBookworm), 5400);
  EXPECT_EQ(parse_time("1W1D1H1M1S", kBookworm), 694'861);
  EXPECT_EQ(parse_time("5s5", kBookworm), 10);
  EXPECT_EQ(parse_time("2147483647", kBookworm), 2'147'483'647);
}

TEST(ParseTime, WhatStrtolTakes) {
  EXPECT_EQ(parse_time(" 5", kBookworm), 5);
  EXPECT_EQ(parse_time("+5", kBookworm), 5);
  EXPECT_EQ(parse_time("1m +5", kBookworm), 65);
  EXPECT_EQ(parse_time("-0", kBookworm), 0);
}

TEST(ParseTime, RefusesTheRest) {
  for (const char* bad :
       {"", "s", "5x", "-5", "1.5", "none", "5 ", "1h 30 m", "2147483648",
        "99999999999999999999999", "3551w", "0x10"}) {
    EXPECT_FALSE(parse_time(bad, kBookworm)) << bad;
  }
}

TEST(ParseTime, FractionsOfSecondsFrom103) {
  EXPECT_EQ(parse_time("1.5", kWithFractions), 1);
  EXPECT_EQ(parse_time("1m0.9s", kWithFractions), 60);
  EXPECT_EQ(parse_time("1h30m", kWithFractions), 5400);
  for (const char* bad : {"1.5m", "1.", "5s5", " 5", "+5", "1.5.5", ".",
                          "2147483648", "1e3", "inf"}) {
    EXPECT_FALSE(parse_time(bad, kWithFractions)) << bad;
  }
}

TEST(ParseCount, FromZeroToIntMax) {
  EXPECT_EQ(parse_count("0"), 0);
  EXPECT_EQ(parse_count("2147483647"), 2'147'483'647);
  for (const char* bad :
       {"", "-1", "2147483648", "3x", "x", "1.0", "99999999999999999999"}) {
    EXPECT_FALSE(parse_count(bad)) << bad;
  }
}

TEST(ParsePort, Numbers) {
  EXPECT_EQ(parse_port("22", {}), 22);
  EXPECT_EQ(parse_port("+22", {}), 22);
  EXPECT_EQ(parse_port("65535", {}), 65'535);
  for (const char* bad : {"65536", "", "-1", "22x", "0x16", "ssh"}) {
    EXPECT_FALSE(parse_port(bad, {})) << bad;
  }
}

TEST(ParseTime, SignsAndWhiteSpaceUntilNineSeven) {
  EXPECT_EQ(parse_time("1h +5m", {9, 7}), 3900);
  EXPECT_EQ(parse_time(" 7", {8, 4}), 7);
  EXPECT_FALSE(parse_time("1h +5m", {9, 8}));
  EXPECT_FALSE(parse_time(" 7", {10, 0}));
  EXPECT_EQ(parse_time("1h5m", {9, 8}), 3900);
}

// As sshd 8.4p1 of Debian 11 printed them.
TEST(ParseTime, IsCutToThirtyTwoBitsUntilEightFour) {
  constexpr Release kBullseye{8, 4};
  EXPECT_EQ(parse_time("2147483647", kBullseye), 2'147'483'647);
  EXPECT_EQ(parse_time("2147483648", kBullseye), -2'147'483'648);
  EXPECT_EQ(parse_time("4294967301", kBullseye), 5);
  EXPECT_EQ(parse_time("3551w", kBullseye), -2'147'322'496);
  EXPECT_EQ(parse_time("9223372036854775806", kBullseye), -2);
  for (const char* bad : {"4294967295", "9223372036854775807",
                          "99999999999999999999", "15250284452471w"}) {
    EXPECT_FALSE(parse_time(bad, kBullseye)) << bad;
  }
  EXPECT_FALSE(parse_time("2147483648", {8, 5}));
}

}  // namespace
}  // namespace ssh_keepalive::openssh
