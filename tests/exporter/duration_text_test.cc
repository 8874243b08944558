#include "exporter/report/duration_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace ssh_keepalive {
namespace {

TEST(DurationText, ReadsAsAPersonWouldSayIt) {
  EXPECT_EQ(duration_text(0), "0 s");
  EXPECT_EQ(duration_text(0.2), "200 ms");
  EXPECT_EQ(duration_text(12.6), "12.6 s");
  EXPECT_EQ(duration_text(75), "75 s");
  EXPECT_EQ(duration_text(126), "2 min 6 s");
  EXPECT_EQ(duration_text(7875), "2 h 11 min 15 s");
  EXPECT_EQ(duration_text(7200), "2 h");
  EXPECT_EQ(duration_text(432'000), "5 d");
  EXPECT_EQ(duration_text(-1), "-1 s");
}

TEST(DurationText, AtTheEndsOfTheNumbers) {
  EXPECT_EQ(duration_text(std::numeric_limits<double>::infinity()), "never");
  EXPECT_EQ(duration_text(std::numeric_limits<double>::quiet_NaN()), "unknown");
  EXPECT_EQ(duration_text(1e300), "1e+300 s");
}

}  // namespace
}  // namespace ssh_keepalive
