#include "collectors/sessions/observation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace ssh_keepalive::sessions {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

enum class Sender { kPeersProbe, kPeersData, kHere };

// A connection, and looks at it that take no time.
class Observed : public ::testing::Test {
 protected:
  void packet(Sender sender) {
    switch (sender) {
      case Sender::kPeersProbe:  // and the answer to it
        ++info_.segments_received;
        ++info_.segments_sent;
        break;
      case Sender::kPeersData:
        ++info_.segments_received;
        ++info_.segments_sent;
        data_received_at_ = now_.awake;
        break;
      case Sender::kHere:
        ++info_.segments_sent;
        break;
    }
  }

  void wait(milliseconds time) { now_.awake += time; }
  void sleep(milliseconds time) { now_.suspended += time; }

  void look() {
    info_.since_data_received = since(data_received_at_);
    info_.since_data_sent = info_.since_ack_received = since(seconds(0));
    observation_.add(info_, {.began = now_, .ended = now_});
  }

  // Packets every `interval`, looks every `step`, for `time`.
  void run(milliseconds time, milliseconds interval, milliseconds step,
           Sender sender = Sender::kPeersProbe) {
    for (milliseconds passed{1}; passed <= time; ++passed) {
      wait(milliseconds(1));
      if (passed % interval == milliseconds(0)) {
        packet(sender);
      }
      if (passed % step == milliseconds(0)) {
        look();
      }
    }
  }

  void expect_between(milliseconds low, milliseconds value,
                      milliseconds high) const {
    const auto refresh = observation_.refresh();
    ASSERT_TRUE(refresh);
    EXPECT_GE(refresh->at_least, low);
    EXPECT_LE(refresh->at_least, value);
    EXPECT_GE(refresh->at_most, value);
    EXPECT_LE(refresh->at_most, high);
  }

  [[nodiscard]] milliseconds since(std::chrono::nanoseconds then) const {
    return std::chrono::floor<milliseconds>(now_.awake - then);
  }

  Instant now_{.awake = hours(1)};
  std::chrono::nanoseconds data_received_at_ = hours(1);
  TcpInfo info_;
  Observation observation_;
};

TEST_F(Observed, OneLookOrNoPacketTellsNothing) {
  EXPECT_EQ(observation_.refresh(), std::nullopt);
  look();
  EXPECT_EQ(observation_.refresh(), std::nullopt);
  run(minutes(5), hours(1), seconds(5));
  EXPECT_EQ(observation_.refresh(), std::nullopt);
}

TEST_F(Observed, SilenceCountsOnceItsBeginningAndItsEndWereSeen) {
  look();
  run(seconds(55), seconds(30), seconds(5));
  EXPECT_EQ(observation_.refresh(), std::nullopt) << "not ended";
  packet(Sender::kPeersProbe);
  wait(seconds(1));
  look();
  expect_between(seconds(20), seconds(25), seconds(31));
}

TEST_F(Observed, PeersProbesMoveOnlyTheCounters) {
  run(minutes(3), seconds(31), seconds(5));
  expect_between(seconds(25), seconds(31), seconds(40));
}

TEST_F(Observed, TimesOfDataNarrowTheBounds) {
  run(minutes(3), seconds(31), seconds(5), Sender::kPeersData);
  expect_between(seconds(25), seconds(31), milliseconds(31'100));
}

TEST_F(Observed, FrequentLooksAreExact) {
  run(minutes(1), seconds(2), milliseconds(100));
  expect_between(milliseconds(1800), seconds(2), milliseconds(2200));
}

TEST_F(Observed, RefreshMoreFrequentThanLooks) {
  run(minutes(1), seconds(2), seconds(5));
  expect_between(seconds(0), seconds(2), seconds(10));
}

TEST_F(Observed, KeepalivesAreRegular) {
  run(seconds(67), seconds(31), seconds(5));
  EXPECT_FALSE(observation_.refresh()->regular) << "one is no rule";
  run(seconds(26), hours(1), seconds(5));
  packet(Sender::kPeersProbe);
  run(seconds(93), seconds(31), seconds(5));
  EXPECT_TRUE(observation_.refresh()->regular);
}

TEST_F(Observed, UserWhoTypesIsNotRegular) {
  run(seconds(31 * 6), seconds(31), seconds(5));
  EXPECT_TRUE(observation_.refresh()->regular);
  run(seconds(28), seconds(7), seconds(5));
  EXPECT_FALSE(observation_.refresh()->regular);
  run(seconds(31 * 4), seconds(31), seconds(5));
  EXPECT_TRUE(observation_.refresh()->regular);
}

TEST_F(Observed, LongerSilencesBecomeRegularAnew) {
  run(seconds(110), seconds(11), seconds(1));
  EXPECT_TRUE(observation_.refresh()->regular);
  run(seconds(61), seconds(60), seconds(1));
  EXPECT_FALSE(observation_.refresh()->regular);
  run(seconds(59), hours(1), seconds(1));
  packet(Sender::kPeersProbe);
  run(seconds(121), seconds(60), seconds(1));
  EXPECT_TRUE(observation_.refresh()->regular);
}

TEST_F(Observed, MoreFrequentThanLooksIsNotKnownToBeRegular) {
  run(minutes(1), seconds(2), seconds(5));
  EXPECT_FALSE(observation_.refresh()->regular);
}

TEST_F(Observed, WhatIsOnlySentHereProvesNothing) {
  run(minutes(3), seconds(31), seconds(5), Sender::kHere);
  EXPECT_EQ(observation_.refresh(), std::nullopt);
}

TEST_F(Observed, SentPacketsEndASilenceAllTheSame) {
  run(minutes(2), seconds(21), seconds(5));
  for (int i = 0; i < 10; ++i) {
    run(seconds(20), hours(1), seconds(5));
    packet(Sender::kHere);
  }
  expect_between(seconds(15), seconds(21), seconds(30));
}

TEST_F(Observed, LongerSilenceMakesItUnknownUntilItEnds) {
  run(minutes(2), seconds(3), seconds(5));
  expect_between(seconds(0), seconds(3), seconds(10));
  run(seconds(60), hours(1), seconds(5));
  EXPECT_EQ(observation_.refresh(), std::nullopt);
  packet(Sender::kPeersProbe);
  run(seconds(5), hours(1), seconds(5));
  expect_between(seconds(55), seconds(60), seconds(70));
}

TEST_F(Observed, UserThatTypesDoesNotHideTheRefreshForALongTime) {
  run(minutes(7), seconds(120), seconds(5));
  run(minutes(9), seconds(1), seconds(5), Sender::kPeersData);
  expect_between(seconds(115), seconds(120), seconds(130));
}

TEST_F(Observed, OldSilencesAreForgotten) {
  run(minutes(7), seconds(120), seconds(5));
  run(minutes(21), seconds(20), seconds(5));
  expect_between(seconds(15), seconds(20), seconds(30));
}

TEST_F(Observed, TwoHoursAreRememberedForTwoMore) {
  run(hours(5), seconds(7200), seconds(20));
  run(hours(2), seconds(60), seconds(20));
  expect_between(seconds(7160), seconds(7200), seconds(7240));
}

TEST_F(Observed, SuspendedHostIsNoSilence) {
  run(minutes(2), seconds(30), seconds(5));
  sleep(hours(8));
  run(seconds(25), hours(1), seconds(5));
  packet(Sender::kPeersProbe);
  run(minutes(2), seconds(30), seconds(5));
  expect_between(seconds(25), seconds(30), seconds(40));
}

TEST_F(Observed, SuspendedBetweenEqualLooks) {
  look();
  run(seconds(35), seconds(30), seconds(5));
  sleep(hours(8));
  look();
  run(seconds(25), hours(1), seconds(5));
  packet(Sender::kPeersProbe);
  look();
  EXPECT_EQ(observation_.refresh(), std::nullopt);
}

TEST_F(Observed, GapBetweenLooksMakesTheRangeWideAndNotWrong) {
  run(minutes(2), seconds(30), seconds(5));
  run(minutes(2), seconds(30), hours(1));
  run(minutes(2), seconds(30), seconds(5));
  expect_between(seconds(25), seconds(30), seconds(160));
}

TEST_F(Observed, CountersWrapAround) {
  info_.segments_received = 0xFFFFFFFE;
  info_.segments_sent = 0xFFFFFFFF;
  run(minutes(3), seconds(31), seconds(5));
  expect_between(seconds(25), seconds(31), seconds(40));
}

TEST_F(Observed, LooksThatTakeTimeWidenTheBounds) {
  const auto slow_look = [&] {
    const Instant began = now_;
    wait(seconds(1));
    info_.since_data_sent = info_.since_data_received =
        info_.since_ack_received = hours(1);
    observation_.add(info_, {.began = began, .ended = now_});
  };
  slow_look();
  packet(Sender::kPeersProbe);
  slow_look();
  wait(seconds(10));
  slow_look();
  packet(Sender::kPeersProbe);
  slow_look();
  const auto refresh = observation_.refresh();
  ASSERT_TRUE(refresh);
  EXPECT_EQ(refresh->at_least, seconds(10));
  EXPECT_EQ(refresh->at_most, seconds(14));
}

TEST_F(Observed, EveryIntervalAtEveryStepIsWithinItsBounds) {
  for (const int interval : {700, 1900, 5000, 7300, 60'000, 180'000}) {
    for (const int step : {300, 1000, 5000, 7000}) {
      for (const Sender sender : {Sender::kPeersProbe, Sender::kPeersData}) {
        SCOPED_TRACE(std::to_string(interval) + " ms, looks every " +
                     std::to_string(step));
        observation_ = Observation();
        run(milliseconds(3 * interval + 4 * step), milliseconds(interval),
            milliseconds(step), sender);
        expect_between(
            std::max(milliseconds(0), milliseconds(interval - 2 * step)),
            milliseconds(interval), milliseconds(interval + 2 * step + 100));
      }
    }
  }
}

}  // namespace
}  // namespace ssh_keepalive::sessions
