#include "exporter/alertmanager/delivery.h"

#include <gtest/gtest.h>

namespace ssh_keepalive::alertmanager {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Message message(std::size_t alerts) {
  Message message(alerts);
  for (LabelledAlert& one : message) {
    one.alert.row = &kAlerts.front();
  }
  return message;
}

class ADelivery : public ::testing::Test {
 protected:
  void fail(Outcome outcome = Outcome::kFailed, double jitter = 0) {
    delivery_.finished(outcome, now_, jitter, minutes(1));
  }
  bool take() { return delivery_.take(now_).has_value(); }
  void expect(const Counts& counts) {
    EXPECT_EQ(delivery_.counts().sent, counts.sent);
    EXPECT_EQ(delivery_.counts().failed, counts.failed);
    EXPECT_EQ(delivery_.counts().dropped, counts.dropped);
  }

  Delivery delivery_;
  Delivery::Time now_{minutes(1000)};
};

TEST_F(ADelivery, HasNothingToSay) {
  EXPECT_FALSE(take());
  EXPECT_FALSE(delivery_.next());
  delivery_.offer({});
  EXPECT_FALSE(take());
}

TEST_F(ADelivery, TellsEachMessageOnce) {
  delivery_.offer(message(2));
  EXPECT_TRUE(take());
  EXPECT_FALSE(take());
  delivery_.finished(Outcome::kTaken, now_, 0, minutes(1));
  EXPECT_FALSE(take());
  expect({.sent = 2, .failed = 0, .dropped = 0});
}

TEST_F(ADelivery, OneAtATimeAndThenTheNewest) {
  delivery_.offer(message(1));
  EXPECT_TRUE(take());
  delivery_.offer(message(2));
  delivery_.offer(message(3));
  EXPECT_FALSE(take());
  delivery_.finished(Outcome::kTaken, now_, 0, minutes(1));
  EXPECT_EQ(delivery_.take(now_)->size(), 3U);
  expect({.sent = 1, .failed = 0, .dropped = 2});
}

TEST_F(ADelivery, TriesAgainAfterPausesThatDouble) {
  delivery_.offer(message(1));
  for (const int pause : {1, 2, 4, 8, 16, 32, 60, 60}) {
    ASSERT_TRUE(take());
    fail();
    ASSERT_EQ(*delivery_.next(), now_ + seconds(pause));
    EXPECT_FALSE(take());
    now_ = *delivery_.next();
  }
  ASSERT_TRUE(take());
  delivery_.finished(Outcome::kTaken, now_, 0, minutes(1));
  expect({.sent = 1, .failed = 8, .dropped = 0});
  delivery_.offer(message(1));
  ASSERT_TRUE(take());
  fail();
  EXPECT_EQ(*delivery_.next(), now_ + seconds(1));
}

TEST_F(ADelivery, JitterShortensAPauseByUpToHalf) {
  delivery_.offer(message(1));
  ASSERT_TRUE(take());
  fail(Outcome::kFailed, 1);
  EXPECT_EQ(*delivery_.next(), now_ + milliseconds(500));
}

TEST_F(ADelivery, NoPauseIsTooLongAfterManyFailures) {
  delivery_.offer(message(1));
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(take());
    fail();
    now_ = *delivery_.next();
  }
  ASSERT_TRUE(take());
  fail();
  EXPECT_EQ(*delivery_.next(), now_ + minutes(1));
}

TEST_F(ADelivery, ANewerMessageTakesThePlaceOfOneThatFailed) {
  delivery_.offer(message(1));
  ASSERT_TRUE(take());
  fail();
  delivery_.offer(message(2));
  EXPECT_FALSE(take());  // the pause holds for it, too
  now_ += seconds(1);
  EXPECT_EQ(delivery_.take(now_)->size(), 2U);
  expect({.sent = 0, .failed = 1, .dropped = 1});
}

TEST_F(ADelivery, OneThatFailsBehindANewerOneIsDropped) {
  delivery_.offer(message(1));
  ASSERT_TRUE(take());
  delivery_.offer(message(2));
  fail();
  expect({.sent = 0, .failed = 1, .dropped = 1});
}

TEST_F(ADelivery, WhatIsRefusedIsNotSentAgain) {
  delivery_.offer(message(1));
  ASSERT_TRUE(take());
  fail(Outcome::kRefused);
  EXPECT_FALSE(delivery_.next());
  expect({.sent = 0, .failed = 1, .dropped = 1});
}

TEST_F(ADelivery, AnInterruptedOneIsSentAgain) {
  delivery_.interrupted();
  delivery_.offer(message(1));
  ASSERT_TRUE(take());
  delivery_.interrupted();
  EXPECT_TRUE(take());
  expect({.sent = 0, .failed = 1, .dropped = 0});
}

}  // namespace
}  // namespace ssh_keepalive::alertmanager
