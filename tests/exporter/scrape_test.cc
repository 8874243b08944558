#include "exporter/scrape.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace ssh_keepalive {
namespace {

using std::chrono::duration;

// Collectors are plain functions, so what they do is steered from here.
std::atomic<int> runs = 0;
std::mutex gate_mutex;
std::condition_variable gate_moved;
bool gate_open = true;

void set_gate(bool open) {
  const std::lock_guard lock(gate_mutex);
  gate_open = open;
  gate_moved.notify_all();
}

const std::array kTestCollectors = {
    Collector{"good", "",
              [](const CollectorInput&, Facts& facts) {
                facts.sysctl.emplace()[netns::Name()].retries2 = 15;
                return std::vector<Error>();
              },
              [](const Facts&, std::vector<prometheus::MetricFamily>&) {}},
    Collector{"gated", "",
              [](const CollectorInput&, Facts&) {
                ++runs;
                std::unique_lock lock(gate_mutex);
                gate_moved.wait(lock, [] { return gate_open; });
                return std::vector<Error>();
              },
              [](const Facts&, std::vector<prometheus::MetricFamily>&) {}},
    Collector{"failing", "",
              [](const CollectorInput&, Facts&) {
                return std::vector<Error>{{.reason = "on purpose"}};
              },
              [](const Facts&, std::vector<prometheus::MetricFamily>&) {}},
};

class ScrapeTest : public ::testing::Test {
 protected:
  void SetUp() override {
    runs = 0;
    set_gate(true);
    log_.configure(LogLevel::kError, LogFormat::kLogfmt);
  }

  Scrape scrape(double timeout_seconds,
                const std::vector<bool>& selected = {true, true, true}) {
    return scraper_.scrape(selected, input_, duration<double>(timeout_seconds));
  }

  void wait_for_runs(int count) {
    while (runs < count) {
      std::this_thread::yield();
    }
  }

  Log log_;
  Scraper scraper_{kTestCollectors, log_};
  std::shared_ptr<const CollectorInput> input_ =
      std::make_shared<const CollectorInput>(
          CollectorInput{HostRoot::live(), {}});
};

constexpr double kLong = 60;

TEST_F(ScrapeTest, CollectsSideBySide) {
  const Scrape result = scrape(kLong);
  ASSERT_EQ(result.outcomes.size(), 3U);
  EXPECT_EQ(result.facts.sysctl->at(netns::Name()).retries2, 15);
  EXPECT_TRUE(result.outcomes.at(0).success());
  EXPECT_TRUE(result.outcomes.at(1).success());
  EXPECT_FALSE(result.outcomes.at(2).success());
  EXPECT_TRUE(result.outcomes.at(0).last_success_at);
  EXPECT_FALSE(result.outcomes.at(2).last_success_at);
}

TEST_F(ScrapeTest, OnlyTheSelectedOnes) {
  const Scrape result = scrape(kLong, {true, false, false});
  EXPECT_EQ(result.outcomes.size(), 1U);
  EXPECT_EQ(runs, 0);
}

TEST_F(ScrapeTest, HungCollectorCostsOnlyItsOwnValues) {
  set_gate(false);
  const Scrape result = scrape(0.05);
  EXPECT_EQ(result.facts.sysctl->at(netns::Name()).retries2, 15);
  EXPECT_FALSE(result.outcomes.at(1).success());
  EXPECT_GE(result.outcomes.at(1).duration.count(), 0.04);
  set_gate(true);
}

TEST_F(ScrapeTest, HungCollectorIsNotStartedAgainUntilItEnds) {
  set_gate(false);
  static_cast<void>(scrape(0.01));
  static_cast<void>(scrape(0.01));
  EXPECT_EQ(runs, 1);
  set_gate(true);
  EXPECT_TRUE(scrape(kLong).outcomes.at(1).success());
  EXPECT_LE(runs, 2);  // joined the first run, or started the second
}

TEST_F(ScrapeTest, ScrapesAtTheSameTimeShareOneRun) {
  set_gate(false);
  std::vector<std::thread> clients;
  std::atomic<int> successes = 0;
  std::atomic<int> begun = 0;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back([&] {
      ++begun;
      successes += scrape(kLong).outcomes.at(1).success() ? 1 : 0;
    });
  }
  while (begun < 20) {
    std::this_thread::yield();
  }
  wait_for_runs(1);
  // Whoever has started a scrape by now waits for that one run.
  EXPECT_EQ(runs, 1);
  set_gate(true);
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_EQ(successes, 20);
}

TEST_F(ScrapeTest, JoinedScrapeKeepsItsOwnDeadline) {
  set_gate(false);
  std::thread patient([&] { static_cast<void>(scrape(kLong)); });
  wait_for_runs(1);
  EXPECT_FALSE(scrape(0.01).outcomes.at(1).success());
  set_gate(true);
  patient.join();
}

}  // namespace
}  // namespace ssh_keepalive
