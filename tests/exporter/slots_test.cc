#include "exporter/http/slots.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace ssh_keepalive::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

TEST(Slots, AsManyAsTheLimit) {
  Slots slots;
  auto first = slots.take(2, milliseconds(0));
  auto second = slots.take(2, milliseconds(0));
  EXPECT_TRUE(first && second);
  EXPECT_FALSE(slots.take(2, milliseconds(0)));
  EXPECT_TRUE(slots.take(3, milliseconds(0))) << "a reload may raise it";
  second.reset();
  EXPECT_TRUE(slots.take(2, milliseconds(0)));
}

TEST(Slots, WaitsForOneThatIsGivenBack) {
  Slots slots;
  auto taken = slots.take(1, milliseconds(0));
  std::thread waiter([&] { EXPECT_TRUE(slots.take(1, minutes(1))); });
  taken.reset();
  waiter.join();
}

TEST(Slots, NeverMoreAtOnce) {
  constexpr int kLimit = 3;
  Slots slots;
  std::atomic<int> inside = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 100; ++round) {
        const auto slot = slots.take(kLimit, minutes(1));
        EXPECT_TRUE(slot);
        EXPECT_LE(++inside, kLimit);
        --inside;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace
}  // namespace ssh_keepalive::http
