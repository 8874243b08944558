#include "diagnosis/retransmission.h"

#include <gtest/gtest.h>

#include <ostream>

#include "diagnosis/timer_wheel.h"

namespace ssh_keepalive::diagnosis {
namespace {

RetransmissionSettings with_retries2(int retries2) {
  return retransmission_settings(sysctl::Facts{.retries2 = retries2}).value();
}

TEST(TimerWheel, FiresAtTheNextGranule) {
  EXPECT_EQ(fires_at(0, 10), 11);
  EXPECT_EQ(fires_at(3, 10), 14);
  EXPECT_EQ(fires_at(0, 63), 64);
  EXPECT_EQ(fires_at(7, 63), 72);
  // 120 s at HZ 250, of which a granule is 512 jiffies.
  EXPECT_EQ(fires_at(0, 30'000), 59 * 512);
  EXPECT_EQ(fires_at(512, 30'000), 60 * 512);
}

TEST(TimerWheel, GranularityGrowsWithTheTime) {
  EXPECT_DOUBLE_EQ(most_late(Seconds(0.2)).count(), 0.004);
  EXPECT_DOUBLE_EQ(most_late(Seconds(1)).count(), 0.032);
  EXPECT_DOUBLE_EQ(most_late(Seconds(10)).count(), 0.256);
  EXPECT_DOUBLE_EQ(most_late(Seconds(100)).count(), 2.048);
  EXPECT_DOUBLE_EQ(most_late(Seconds(600)).count(), 16.384);
  EXPECT_DOUBLE_EQ(most_late(Seconds(7200)).count(), 131.072);
}

TEST(TimerWheel, NeverEarlyAndNeverLaterThanAGranule) {
  for (const double time : {0.004, 0.25, 0.252, 2.0, 16.0, 129.0, 7200.0}) {
    const std::int64_t jiffies = to_jiffies(Seconds(time));
    for (std::int64_t armed_at = 0; armed_at < kWheelTurn; armed_at += 13) {
      const Seconds late =
          to_seconds(fires_at(armed_at, jiffies) - armed_at - jiffies);
      EXPECT_GT(late.count(), 0);
      EXPECT_LE(late, most_late(Seconds(time)));
    }
  }
}

TEST(TimerWheel, TimesThatNoTimerHas) {
  EXPECT_EQ(to_jiffies(Seconds(-5)), 0);
  EXPECT_GT(to_jiffies(kNever), 0);
  EXPECT_GT(fires_at(0, to_jiffies(kNever)), 0);
}

// What real connections took on Linux 6.18: paths of namespaces of one host,
// and one with a round trip of 110 ms.
struct Measured {
  int retries2;
  RoundTrip path;
  double seconds;
};

// For the names of the tests.
void PrintTo(const Measured& one, std::ostream* out) {
  *out << "retries2=" << one.retries2 << " srtt=" << one.path.smoothed.count()
       << "s end=" << one.seconds << 's';
}

class MeasuredEnds : public ::testing::TestWithParam<Measured> {};

TEST_P(MeasuredEnds, LieInTheRange) {
  const Measured& one = GetParam();
  const TimeRange range =
      retransmission_time(with_retries2(one.retries2), one.path);
  constexpr double kOneTick = 0.1;
  EXPECT_LE(range.earliest.count(), one.seconds + kOneTick);
  EXPECT_GE(range.latest.count(), one.seconds - kOneTick);
  // A range that says little would hold anything.
  EXPECT_LE((range.latest - range.earliest).count(), 2.1);
}

constexpr RoundTrip kLong{Seconds(0.322), Seconds(0.11)};

INSTANTIATE_TEST_SUITE_P(Retransmission, MeasuredEnds,
                         ::testing::Values(Measured{5, kShortestPath, 13.4},
                                           Measured{5, kShortPath, 14.0},
                                           Measured{6, kShortestPath, 26.8},
                                           Measured{6, kShortPath, 27.9},
                                           Measured{6, kLong, 42.5},
                                           Measured{6, kLong, 44.1},
                                           Measured{8, kShortPath, 110.5},
                                           Measured{15, kShortPath, 947.0},
                                           Measured{15, kLong, 1017.0}));

TEST(Retransmission, ShortPathsTogether) {
  const TimeRange range = retransmission_time(with_retries2(15));
  EXPECT_NEAR(range.earliest.count(), 937.7, 0.1);
  EXPECT_NEAR(range.latest.count(), 947.9, 0.1);
}

TEST(Retransmission, SmallerLargestTimeout) {
  const auto settings = retransmission_settings(
      sysctl::Facts{.retries2 = 15, .rto_max_milliseconds = 1000});
  const TimeRange range = retransmission_time(settings.value());
  EXPECT_GE(range.earliest.count(), 14.4);
  EXPECT_LE(range.latest.count(), 17);
}

TEST(Retransmission, UnknownOrImpossibleSettings) {
  EXPECT_FALSE(retransmission_settings({}));
  EXPECT_FALSE(retransmission_settings(sysctl::Facts{.retries2 = -1}));
  EXPECT_FALSE(retransmission_settings(sysctl::Facts{.retries2 = 1'000'000}));
}

TEST(Retransmission, LeftAfterTheFirst) {
  const RetransmissionSettings settings = with_retries2(6);
  const TimeRange whole = retransmission_time(settings, kShortestPath);
  // After 0.41 s, with 0.408 s until the next.
  const TimeRange left =
      retransmission_time_left(settings, kShortestPath, 1, Seconds(0.408));
  EXPECT_NEAR(left.earliest.count(), whole.earliest.count() - 0.41, 0.1);
  EXPECT_NEAR(left.latest.count(), whole.latest.count() - 0.41, 0.1);
}

TEST(Retransmission, LeftBeforeTheLast) {
  // 0.408 + 0.816 + … + 13.056 are 25.7 s, the limit is 25.4 s.
  const TimeRange left =
      retransmission_time_left(with_retries2(6), kShortestPath, 6, Seconds(5));
  EXPECT_GE(left.earliest.count(), 5);
  EXPECT_LE(left.latest.count(), 5.3);
}

TEST(Retransmission, LeftAfterMoreThanThereCanBe) {
  const TimeRange left = retransmission_time_left(
      with_retries2(6), kShortestPath, 200, Seconds(3));
  EXPECT_GE(left.earliest.count(), 3);
  EXPECT_LE(left.latest.count(), 5.1);
}

}  // namespace
}  // namespace ssh_keepalive::diagnosis
