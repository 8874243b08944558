#include "exporter/failure_log.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/support.h"

namespace ssh_keepalive {
namespace {

using testing::count_of;

class FailureLogTest : public ::testing::Test {
 protected:
  FailureLogTest() { ::testing::internal::CaptureStderr(); }

  static std::string logged() {
    return ::testing::internal::GetCapturedStderr();
  }

  Log log_;
  FailureLog failures_{log_, "collector"};
};

TEST_F(FailureLogTest, OnceWhenItBeginsAndOnceWhenItEnds) {
  for (int i = 0; i < 3; ++i) {
    failures_.report("sysctl", {"denied"});
  }
  failures_.report("sysctl", {});
  failures_.report("sysctl", {});
  const std::string text = logged();
  EXPECT_EQ(count_of(text, "collector fails"), 1U) << text;
  EXPECT_EQ(count_of(text, "failure has ended"), 1U) << text;
  EXPECT_EQ(count_of(text, "denied"), 2U) << text;
}

TEST_F(FailureLogTest, EachOfSeveralByItself) {
  failures_.report("sysctl", {"denied", "absent"});
  failures_.report("sessions", {"denied"});
  failures_.report("sysctl", {"absent", "too long"});
  const std::string text = logged();
  EXPECT_EQ(count_of(text, "collector fails"), 4U) << text;
  EXPECT_EQ(count_of(text, "failure has ended"), 1U) << text;
}

TEST_F(FailureLogTest, ManyThreads) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this, thread] {
      for (int i = 0; i < 50; ++i) {
        failures_.report(thread % 2 == 0 ? "sysctl" : "sessions", {"denied"});
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  const std::string text = logged();
  EXPECT_EQ(count_of(text, "collector fails"), 2U) << text;
}

}  // namespace
}  // namespace ssh_keepalive
