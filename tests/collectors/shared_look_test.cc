#include "collectors/shared_look.h"

#include <gtest/gtest.h>

namespace ssh_keepalive {
namespace {

enum class Reader : std::uint8_t { kFirst, kSecond };

class SharedLooks : public ::testing::Test {
 protected:
  int take(Reader reader) {
    return *shared_.take(reader, [this] { return ++looks_; });
  }
  int look_alone() {
    return shared_.look_alone([this] { return ++looks_; });
  }

 private:
  int looks_ = 0;
  SharedLook<int, Reader, 2> shared_;
};

TEST_F(SharedLooks, OneForAllReadersOfAScrape) {
  EXPECT_EQ(take(Reader::kFirst), 1);
  EXPECT_EQ(take(Reader::kSecond), 1);
  EXPECT_EQ(take(Reader::kSecond), 2);
  EXPECT_EQ(take(Reader::kFirst), 2);
}

// A scrape right after one by nobody's order must see what has changed since.
TEST_F(SharedLooks, OneAloneIsNoScrapes) {
  EXPECT_EQ(look_alone(), 1);
  EXPECT_EQ(take(Reader::kFirst), 2);
  EXPECT_EQ(look_alone(), 3);
  EXPECT_EQ(take(Reader::kSecond), 2);
  EXPECT_EQ(take(Reader::kFirst), 4);
}

}  // namespace
}  // namespace ssh_keepalive
