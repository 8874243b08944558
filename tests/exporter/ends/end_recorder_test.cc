#include "exporter/ends/end_recorder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace ssh_keepalive {
namespace {

using diagnosis::EndCause;
using sessions::FinalSocket;
using sessions::Left;
using sessions::Phase;
using sessions::Remains;
using sessions::Role;
using sessions::Session;
using std::chrono::steady_clock;

class Recording : public ::testing::Test {
 protected:
  Recording() {
    log_.configure(LogLevel::kError, LogFormat::kLogfmt);
    recorder_.begin();
  }

  static Session session(std::uint64_t cookie, Phase phase) {
    Session one{.role = Role::kServer, .phase = phase};
    one.socket.peer.address = {198, 51, 100, 7};
    one.socket.cookie = cookie;
    one.socket.info.emplace();
    return one;
  }

  void see(const std::vector<Session>& all) {
    Facts facts;
    facts.sessions.emplace().source = sessions::Source::kNetlink;
    facts.sessions->sessions = all;
    recorder_.saw(facts, diagnosis::diagnose(facts, {}));
  }

  // Its FIN is acknowledged, and the peer's has come.
  static FinalSocket closed(std::uint64_t cookie) {
    FinalSocket final;
    final.socket.cookie = cookie;
    final.socket.info.emplace();
    final.socket.info->bytes_acknowledged = 1;
    final.socket.info->bytes_received = 1;
    final.bytes_sent = 0;
    final.bytes_retransmitted = 0;
    return final;
  }

  void destroy(std::uint64_t cookie) {
    recorder_.destroyed(closed(cookie), look_up());
  }

  EndRecorder::LookUp look_up() {
    return [this](const sessions::Socket&) { return left_; };
  }

  void compare(const std::vector<Session>& all, bool hears_all = true) {
    recorder_.compare(all, steady_clock::now(), hears_all, look_up());
  }

  std::uint64_t count(EndCause cause) const {
    const auto counts = recorder_.counts();
    const auto found = counts->ends.find({Role::kServer, cause});
    return found == counts->ends.end() ? 0 : found->second;
  }

  Log log_;
  EndStore store_{{.file = "", .keep = 10}, log_};
  EndRecorder recorder_{store_, log_};
  std::optional<Left> left_ = Left{};
};

TEST_F(Recording, NothingBeforeItBegins) {
  EndRecorder idle(store_, log_);
  EXPECT_FALSE(idle.counts());
  idle.destroyed(closed(1), look_up());
  EXPECT_FALSE(idle.counts());
}

TEST_F(Recording, EachEndOnce) {
  see({session(1, Phase::kAuthenticated)});
  destroy(1);
  destroy(1);
  EXPECT_EQ(count(EndCause::kClosed), 1U);
  ASSERT_EQ(store_.stored().ends.size(), 1U);
  EXPECT_EQ(store_.stored().ends[0].closed_by, diagnosis::ClosedBy::kPeer);
  // A look that had begun before.
  see({session(1, Phase::kAuthenticated)});
  compare({}, false);
  EXPECT_EQ(recorder_.counts()->ends.size(), 1U);
}

TEST_F(Recording, WhatIsNoSession) {
  see({session(1, Phase::kPreauth), session(2, Phase::kUnknown)});
  destroy(1);
  destroy(2);
  destroy(3);
  EXPECT_EQ(recorder_.counts()->unauthenticated, 2U);
  EXPECT_EQ(recorder_.counts()->unseen, 1U);
  EXPECT_TRUE(store_.stored().ends.empty());
  // One that nobody had seen does not come back with a late look.
  see({session(3, Phase::kAuthenticated)});
  compare({}, false);
  EXPECT_TRUE(recorder_.counts()->ends.empty());
}

// The news come late, and a look has found the socket without its process.
TEST_F(Recording, WhoseItWasIsNotForgotten) {
  Session owned = session(1, Phase::kAuthenticated);
  owned.owner.emplace().user = "alice";
  see({owned});
  Session left = session(1, Phase::kUnknown);
  left.owner.emplace();  // sshd's monitor, which outlives the user's process
  see({left});
  left.owner.reset();
  left.role = Role::kUnknown;
  see({left});
  destroy(1);
  EXPECT_EQ(count(EndCause::kClosed), 1U);
  EXPECT_EQ(store_.stored().ends[0].user, "alice");
}

TEST_F(Recording, OtherNamespaces) {
  Session other = session(1, Phase::kAuthenticated);
  other.netns = netns::Name("web");
  see({other});
  compare({}, false);
  EXPECT_TRUE(recorder_.counts()->ends.empty()) << "looks at the host's alone";
  destroy(1);
  EXPECT_EQ(count(EndCause::kClosed), 1U);
  EXPECT_EQ(store_.stored().ends[0].netns, "web");
}

TEST_F(Recording, LostNewsAreMadeUpForByTheNextLook) {
  see({session(1, Phase::kAuthenticated), session(2, Phase::kAuthenticated)});
  recorder_.lost(1);
  compare({session(2, Phase::kAuthenticated)});
  EXPECT_TRUE(store_.stored().ends.empty()) << "the kernel will tell";
  compare({session(2, Phase::kAuthenticated)}, false);
  EXPECT_EQ(count(EndCause::kUnknown), 1U);
  EXPECT_EQ(recorder_.counts()->events_lost, 1U);
}

TEST_F(Recording, SocketsThatOutliveTheirProcess) {
  see({session(1, Phase::kAuthenticated)});
  left_ = Left{.remains = Remains::kClosing, .socket = closed(1)};
  left_->socket->socket.info->bytes_acknowledged = 0;
  left_->socket->unacknowledged_bytes = 1;
  compare({});
  EXPECT_TRUE(store_.stored().ends.empty()) << "a slow path answers in time";
  left_->socket->socket.info->retransmits = 1;
  compare({});
  EXPECT_EQ(count(EndCause::kClosed), 1U);
  destroy(1);
  EXPECT_EQ(count(EndCause::kClosed), 1U);
}

TEST_F(Recording, BehindWhereNobodyKnowsThem) {
  const std::vector<Session> all = {session(1, Phase::kUnknown)};
  EXPECT_TRUE(recorder_.is_behind(all));
  see({session(1, Phase::kPreauth)});
  EXPECT_TRUE(recorder_.is_behind(all)) << "it may log in";
  see({session(1, Phase::kAuthenticated)});
  EXPECT_FALSE(recorder_.is_behind(all));
  EXPECT_FALSE(recorder_.is_behind({}));
}

}  // namespace
}  // namespace ssh_keepalive
