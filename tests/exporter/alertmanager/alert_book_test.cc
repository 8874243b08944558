#include "exporter/alertmanager/alert_book.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ssh_keepalive::alertmanager {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// Held back for 15 minutes, kept for 10.
const AlertRow& row() { return kAlerts.front(); }

TimePoint at(std::chrono::seconds time) {
  return TimePoint(hours(400'000)) + time;
}

class Book : public ::testing::Test {
 protected:
  void take(AlertState state, std::chrono::seconds time,
            const std::string& description = "text") {
    book_.take({{.row = &row(), .state = state, .description = description}},
               at(time), times_);
  }

  // "held", "fires", "ended", or "" where there is nothing.
  std::string state() {
    const std::vector<Alert> alerts = book_.alerts();
    if (alerts.empty()) {
      return book_.entries().empty() ? "" : "held";
    }
    return alerts.front().ended_at ? "ended" : "fires";
  }

  void fire() {
    take(AlertState::kOpen, minutes(0));
    take(AlertState::kOpen, minutes(15));
    ASSERT_EQ(state(), "fires");
  }

  AlertBook book_;
  BookTimes times_{.longest_hold = hours(1), .tell_end = minutes(4)};
};

TEST_F(Book, StartsEmpty) {
  take(AlertState::kClosed, minutes(0));
  take(AlertState::kUnknown, minutes(1));
  EXPECT_EQ(state(), "");
}

TEST_F(Book, FiresAfterItsHoldAndNotBefore) {
  take(AlertState::kOpen, minutes(0));
  take(AlertState::kOpen, minutes(15) - seconds(1));
  EXPECT_EQ(state(), "held");
  take(AlertState::kOpen, minutes(15), "latest");
  ASSERT_EQ(state(), "fires");
  EXPECT_EQ(book_.alerts().front().starts_at, at(minutes(15)));
  EXPECT_EQ(book_.alerts().front().description, "latest");
}

TEST_F(Book, OneLookWithoutItBeginsAnewWhileItIsHeld) {
  take(AlertState::kOpen, minutes(0));
  take(AlertState::kClosed, minutes(14));
  EXPECT_EQ(state(), "");
  take(AlertState::kOpen, minutes(15));
  take(AlertState::kOpen, minutes(29));
  EXPECT_EQ(state(), "held");
}

TEST_F(Book, EndsAfterItsKeepAndIsToldForAWhile) {
  fire();
  take(AlertState::kClosed, minutes(20));
  take(AlertState::kClosed, minutes(30) - seconds(1));
  EXPECT_EQ(state(), "fires");
  take(AlertState::kClosed, minutes(30));
  ASSERT_EQ(state(), "ended");
  EXPECT_EQ(book_.alerts().front().ended_at, at(minutes(30)));
  EXPECT_EQ(book_.alerts().front().starts_at, at(minutes(15)));
  EXPECT_TRUE(book_.entries().empty());
  take(AlertState::kClosed, minutes(34) - seconds(1));
  EXPECT_EQ(state(), "ended");
  take(AlertState::kClosed, minutes(34));
  EXPECT_EQ(state(), "");
}

TEST_F(Book, AGapShorterThanItsKeepIsNone) {
  fire();
  take(AlertState::kClosed, minutes(20));
  take(AlertState::kOpen, minutes(29));
  take(AlertState::kClosed, minutes(31));
  take(AlertState::kClosed, minutes(40));
  ASSERT_EQ(state(), "fires");
  EXPECT_EQ(book_.alerts().front().starts_at, at(minutes(15)));
}

TEST_F(Book, WhatIsUnknownNeitherEndsNorFires) {
  take(AlertState::kOpen, minutes(0));
  take(AlertState::kUnknown, minutes(15));
  EXPECT_EQ(state(), "held");
  take(AlertState::kOpen, minutes(16));
  EXPECT_EQ(state(), "fires");
  take(AlertState::kUnknown, hours(24));
  EXPECT_EQ(state(), "fires");
  EXPECT_EQ(book_.alerts().front().description, "text");
}

TEST_F(Book, WhatStaysUnknownEndsAfterADay) {
  fire();
  take(AlertState::kUnknown, minutes(15) + kLongestUnknown);
  EXPECT_EQ(state(), "ended");
}

TEST_F(Book, AnEndedOneThatComesBackIsHeldAgain) {
  fire();
  take(AlertState::kClosed, minutes(20));
  take(AlertState::kClosed, minutes(30));
  take(AlertState::kOpen, minutes(31));
  EXPECT_EQ(state(), "held");
  take(AlertState::kOpen, minutes(46));
  ASSERT_EQ(state(), "fires");
  EXPECT_EQ(book_.alerts().front().starts_at, at(minutes(46)));
}

TEST_F(Book, LongestHoldShortensBoth) {
  times_.longest_hold = seconds(2);
  take(AlertState::kOpen, seconds(0));
  take(AlertState::kOpen, seconds(2));
  EXPECT_EQ(state(), "fires");
  take(AlertState::kClosed, seconds(3));
  EXPECT_EQ(state(), "fires");
  take(AlertState::kClosed, seconds(5));
  EXPECT_EQ(state(), "ended");
}

TEST_F(Book, GoesOnAfterARestart) {
  fire();
  take(AlertState::kClosed, minutes(20));
  const Entries saved = book_.entries();
  book_ = {};
  book_.restore(saved, at(minutes(20)), at(minutes(25)));
  ASSERT_EQ(state(), "fires");
  EXPECT_EQ(book_.alerts().front().starts_at, at(minutes(15)));
  take(AlertState::kClosed, minutes(30));
  EXPECT_EQ(state(), "ended");
}

TEST_F(Book, BeginsAnewAfterALongOutage) {
  fire();
  const Entries saved = book_.entries();
  book_ = {};
  book_.restore(saved, at(minutes(15)),
                at(minutes(15) + kLongestOutage + seconds(1)));
  EXPECT_EQ(state(), "");
}

TEST_F(Book, AClockThatWasSetBackHoldsNothingForEver) {
  fire();
  const Entries saved = book_.entries();
  book_ = {};
  book_.restore(saved, at(minutes(15)), at(-hours(5)));
  EXPECT_EQ(book_.alerts().front().starts_at, at(-hours(5)));
  take(AlertState::kClosed, -hours(5));
  take(AlertState::kClosed, -hours(5) + minutes(10));
  EXPECT_EQ(state(), "ended");
}

}  // namespace
}  // namespace ssh_keepalive::alertmanager
