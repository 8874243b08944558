#include "exporter/ends/end_tracker.h"

#include <gtest/gtest.h>

#include <chrono>

namespace ssh_keepalive {
namespace {

using std::chrono::minutes;
using Time = std::chrono::steady_clock::time_point;

// Sessions in other namespaces, which only looks by all collectors miss.
class Elsewhere : public ::testing::Test {
 protected:
  static Facts look(const std::vector<std::string>& namespaces,
                    std::uint64_t cookie) {
    Facts facts;
    facts.sysctl.emplace();
    facts.sessions.emplace();
    for (const std::string& name : namespaces) {
      facts.sysctl->emplace(netns::Name(name), sysctl::Facts());
    }
    if (cookie != 0) {
      sessions::Session& one = facts.sessions->sessions.emplace_back();
      one.netns = netns::Name("web");
      one.socket.cookie = cookie;
      one.socket.info.emplace();
    }
    return facts;
  }

  std::size_t missing(const Facts& facts, minutes at) {
    tracker_.saw(facts, diagnosis::diagnose(facts, {}), Time(at));
    return tracker_.missing_elsewhere(facts, Time(at)).size();
  }

  EndTracker tracker_;
};

TEST_F(Elsewhere, MissedByALookThatWentThere) {
  EXPECT_EQ(missing(look({"web"}, 1), minutes(1)), 0U);
  EXPECT_EQ(missing(look({"web"}, 0), minutes(2)), 1U);
  const auto again =
      tracker_.missing_elsewhere(look({"web"}, 0), Time(minutes(3)));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(*again[0].missed_since, Time(minutes(2)));
}

TEST_F(Elsewhere, FoundAgain) {
  EXPECT_EQ(missing(look({"web"}, 1), minutes(1)), 0U);
  EXPECT_EQ(missing(look({"web"}, 0), minutes(2)), 1U);
  EXPECT_EQ(missing(look({"web"}, 1), minutes(3)), 0U);
  EXPECT_EQ(missing(look({"web"}, 0), minutes(4)), 1U);
}

TEST_F(Elsewhere, NobodyWentThere) {
  EXPECT_EQ(missing(look({"web"}, 1), minutes(1)), 0U);
  EXPECT_EQ(missing(look({"db"}, 0), minutes(2)), 0U);
  EXPECT_EQ(missing(look({}, 0), minutes(12)), 0U);
  EXPECT_FALSE(tracker_.take(1)) << "forgotten";
}

TEST_F(Elsewhere, TheHostsAreNot) {
  Facts facts = look({"host"}, 1);
  facts.sessions->sessions[0].netns = netns::Name();
  EXPECT_EQ(missing(facts, minutes(1)), 0U);
  EXPECT_EQ(missing(look({"host"}, 0), minutes(2)), 0U);
  EXPECT_EQ(tracker_.missing_in({}, Time(minutes(3))).size(), 1U);
}

}  // namespace
}  // namespace ssh_keepalive
