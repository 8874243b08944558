#include "collectors/logind/time_span.h"

#include <gtest/gtest.h>

#include <string>

namespace ssh_keepalive::logind {
namespace {

// Expected values are what `systemd-analyze timespan` of systemd 252 prints.
std::string microseconds(std::string_view text) {
  const std::optional<TimeSpan> span = parse_time_span(text);
  if (!span) {
    return "refused";
  }
  return span->length ? std::to_string(span->length->count()) : "infinity";
}

TEST(TimeSpan, Good) {
  EXPECT_EQ(microseconds("90"), "90000000");
  EXPECT_EQ(microseconds("30min"), "1800000000");
  EXPECT_EQ(microseconds("1h 30m"), "5400000000");
  EXPECT_EQ(microseconds(" 2.5h "), "9000000000");
  EXPECT_EQ(microseconds("5h5"), "18005000000");
  EXPECT_EQ(microseconds("5 h"), "18000000000");
  EXPECT_EQ(microseconds("1 minutes5"), "65000000");
  EXPECT_EQ(microseconds("+5"), "5000000");
  EXPECT_EQ(microseconds("0"), "0");
  EXPECT_EQ(microseconds("infinity"), "infinity");
  EXPECT_EQ(microseconds(" infinity "), "infinity");
}

TEST(TimeSpan, Units) {
  EXPECT_EQ(microseconds("1seconds1second1sec1s"), "4000000");
  EXPECT_EQ(microseconds("1minutes1minute1min1m"), "240000000");
  EXPECT_EQ(microseconds("1hours1hour1hr1h"), "14400000000");
  EXPECT_EQ(microseconds("1days1day1d"), "259200000000");
  EXPECT_EQ(microseconds("1weeks1week1w"), "1814400000000");
  EXPECT_EQ(microseconds("1months1month1M"), "7889400000000");
  EXPECT_EQ(microseconds("1years1year1y"), "94672800000000");
  EXPECT_EQ(microseconds("1msec1ms"), "2000");
  EXPECT_EQ(microseconds("1usec1us1\xce\xbcs1\xc2\xb5s"), "4");
}

TEST(TimeSpan, Fractions) {
  EXPECT_EQ(microseconds(".5"), "500000");
  EXPECT_EQ(microseconds("10 .5"), "10500000");
  EXPECT_EQ(microseconds("1.5s.5s"), "2000000");
  EXPECT_EQ(microseconds("1.9999999999s"), "1999999");
  for (const char* text :
       {"5.", ".", "1.s", "5 .s", "1.2.3", "+.5", "1.-5", "1.+5", "1. 5"}) {
    EXPECT_EQ(microseconds(text), "refused") << text;
  }
}

TEST(TimeSpan, EmptyTruncatedAndGarbage) {
  for (const char* text :
       {"",     " ",      "-1",        "-0",         "1 -5",       "h",
        "1mon", "1 hoge", "5sE",       "1e3",        "0x10",       "+ 5",
        "+",    "+-5",    "infinityx", "infinity 5", "5 infinity", "Infinity",
        "1H",   "1\xce",  "\xff",      "\x01"}) {
    EXPECT_EQ(microseconds(text), "refused") << text;
  }
}

TEST(TimeSpan, Overflow) {
  EXPECT_EQ(microseconds("9223372036854775807us"), "9223372036854775807");
  EXPECT_EQ(microseconds("9223372036854775808us"), "refused");
  EXPECT_EQ(microseconds("300000y"), "infinity");
  EXPECT_EQ(microseconds("9223372036854775807us 9223372036854775806us"),
            "infinity");
  EXPECT_EQ(microseconds("9223372036854775807us 9223372036854775807us 1us"),
            "refused");
  EXPECT_EQ(microseconds("584541y"), "infinity");
  EXPECT_EQ(microseconds("584542y"), "refused");
  EXPECT_EQ(microseconds("99999999999999999999"), "refused");
  EXPECT_EQ(microseconds("9223372036854775807"), "refused");
  EXPECT_EQ(microseconds("." + std::string(100'000, '9')), "999999");
}

}  // namespace
}  // namespace ssh_keepalive::logind
