#include "exporter/shared_texts.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <thread>

namespace ssh_keepalive {
namespace {

using std::chrono::duration;

constexpr duration<double> kLong{60};
const SharedTexts::Key kKey{nullptr, {true, false}};

class SharedTextsTest : public ::testing::Test {
 protected:
  // Another caller is at it, until release().
  void start_other(const SharedTexts::Made& made, bool throws = false) {
    other_ = std::thread([this, made, throws] {
      const auto make = [&]() -> SharedTexts::Made {
        begun_.count_down();
        released_.wait();
        if (throws) {
          throw std::runtime_error("on purpose");
        }
        return made;
      };
      try {
        other_text_ = texts_.get(kKey, kLong, make);
      } catch (const std::runtime_error&) {
        other_text_ = "thrown";
      }
    });
    begun_.wait();
  }

  void release() { released_.count_down(); }

  std::string end_other() {
    other_.join();
    return other_text_;
  }

  SharedTexts texts_;
  std::latch begun_{1};
  std::latch released_{1};
  std::thread other_;
  std::string other_text_;
};

SharedTexts::Made own() { return {.text = "own", .is_whole = true}; }

TEST_F(SharedTextsTest, OneByOneEachMakesItsOwn) {
  int made = 0;
  for (int i = 0; i < 3; ++i) {
    texts_.get(kKey, kLong, [&] {
      ++made;
      return own();
    });
  }
  EXPECT_EQ(made, 3);
}

// Nothing tells when the second caller waits: where it comes too late it makes
// its own, and the next attempt gives it more time.
TEST(SharedTexts, WhoComesMeanwhileHasTheSame) {
  std::string joined;
  for (int attempt = 0; joined != "shared" && attempt < 1000; ++attempt) {
    SharedTexts texts;
    std::latch begun{1};
    std::latch released{1};
    std::thread first([&] {
      texts.get(kKey, kLong, [&]() -> SharedTexts::Made {
        begun.count_down();
        released.wait();
        return {.text = "shared", .is_whole = true};
      });
    });
    begun.wait();
    std::thread second([&] { joined = texts.get(kKey, kLong, own); });
    std::this_thread::sleep_for(std::chrono::milliseconds(attempt));
    released.count_down();
    first.join();
    second.join();
  }
  EXPECT_EQ(joined, "shared");
}

TEST_F(SharedTextsTest, AnotherKeyIsAnotherText) {
  start_other({.text = "shared", .is_whole = true});
  EXPECT_EQ(texts_.get({this, kKey.second}, kLong, own), "own");
  EXPECT_EQ(texts_.get({nullptr, {true, true}}, kLong, own), "own");
  release();
  end_other();
}

TEST_F(SharedTextsTest, PatienceEnds) {
  start_other({.text = "shared", .is_whole = true});
  EXPECT_EQ(texts_.get(kKey, duration<double>(0.01), own), "own");
  release();
  EXPECT_EQ(end_other(), "shared");
}

TEST_F(SharedTextsTest, WhatADeadlineCutShortIsNotShared) {
  start_other({.text = "cut", .is_whole = false});
  std::thread joining(
      [this] { EXPECT_EQ(texts_.get(kKey, kLong, own), "own"); });
  release();
  joining.join();
  EXPECT_EQ(end_other(), "cut");
}

TEST_F(SharedTextsTest, NobodyWaitsForWhoHasThrown) {
  start_other({}, true);
  std::thread joining(
      [this] { EXPECT_EQ(texts_.get(kKey, kLong, own), "own"); });
  release();
  joining.join();
  EXPECT_EQ(end_other(), "thrown");
  EXPECT_EQ(texts_.get(kKey, kLong, own), "own");
}

}  // namespace
}  // namespace ssh_keepalive
