#include "collectors/sessions/memory.h"

#include <gtest/gtest.h>

#include "collectors/sessions/sessions.h"
#include "tests/collectors/sessions/wire.h"

namespace ssh_keepalive::sessions {
namespace {

using std::chrono::seconds;

constexpr KeepaliveSettings kDefaults = {seconds(7200), seconds(75)};
constexpr KeepaliveSettings kLowered = {seconds(60), seconds(75)};

Session session(seconds expires, std::uint64_t cookie = 7) {
  Session one;
  one.socket.cookie = cookie;
  one.socket.timer = {.kind = TimerKind::kKeepalive, .expires = expires};
  one.socket.info.emplace();
  one.keepalive = Keepalive::kOn;
  return one;
}

// Looks at one host, ten seconds apart.
class Looks : public ::testing::Test {
 protected:
  std::vector<Session> look(std::vector<Session> sessions,
                            const KeepaliveSettings& settings = kDefaults,
                            bool complete = true) {
    now_.awake += seconds(10);
    for (Session& one : sessions) {
      one.outdated_sysctl = armed_with_other_settings(one.socket, settings);
    }
    memory_.complete({.time = {.began = now_, .ended = now_},
                      .settings = settings,
                      .ports = ports_,
                      .complete = complete},
                     sessions);
    return sessions;
  }

  std::optional<bool> outdated(const Session& one,
                               const KeepaliveSettings& settings) {
    return look({one}, settings).at(0).outdated_sysctl;
  }

  Memory memory_;
  Instant now_;
  std::vector<std::uint16_t> ports_ = {22};
};

// Older settings, or the socket's own ----------------------------------------

TEST_F(Looks, FirstLookBelievesTheTimer) {
  EXPECT_EQ(outdated(session(seconds(7000)), kDefaults), false);
  EXPECT_EQ(outdated(session(seconds(6990)), kLowered), true);
}

TEST_F(Looks, OutdatedUntilTheTimerIsArmedAgain) {
  EXPECT_EQ(outdated(session(seconds(7000)), kDefaults), false);
  EXPECT_EQ(outdated(session(seconds(6990)), kLowered), true);
  EXPECT_EQ(outdated(session(seconds(6980)), kLowered), true);
  EXPECT_EQ(outdated(session(seconds(60)), kLowered), false);
}

TEST_F(Looks, ArmedUnderTheSameSettingsItIsTheSocketsOwn) {
  look({});
  EXPECT_EQ(outdated(session(seconds(20'000)), kDefaults), false);
  EXPECT_EQ(outdated(session(seconds(19'990)), kDefaults), false);
  EXPECT_EQ(outdated(session(seconds(19'980)), kLowered), true)
      << "as far as anybody can know";
}

TEST_F(Looks, ArmedAgainUnderTheSameSettings) {
  EXPECT_EQ(outdated(session(seconds(20'000)), kDefaults), true);
  EXPECT_EQ(outdated(session(seconds(19'990)), kDefaults), true);
  EXPECT_EQ(outdated(session(seconds(20'000)), kDefaults), false);
}

TEST_F(Looks, HiddenTimerIsTakenUpWhereItWas) {
  look({});
  EXPECT_EQ(outdated(session(seconds(20'000)), kDefaults), false);
  Session hidden = session(seconds(1));
  hidden.socket.timer.kind = TimerKind::kRetransmit;
  hidden.keepalive = Keepalive::kHidden;
  EXPECT_EQ(outdated(hidden, kDefaults), std::nullopt);
  EXPECT_EQ(outdated(session(seconds(19'980)), kDefaults), false);
}

TEST_F(Looks, ArmedWhileTheSettingsChangedMayBeEither) {
  look({}, kDefaults);
  EXPECT_EQ(outdated(session(seconds(7195)), kLowered), true);
}

TEST_F(Looks, AbsenceTellsNothingAfterAnIncompleteLookOrOnOtherPorts) {
  look({}, kDefaults, false);
  EXPECT_EQ(outdated(session(seconds(20'000)), kDefaults), true);
  ports_ = {22, 2222};
  const auto both =
      look({session(seconds(19'990)), session(seconds(20'000), 8)});
  EXPECT_EQ(both.at(1).outdated_sysctl, true);
}

TEST_F(Looks, KeepaliveSwitchedOffAndOn) {
  EXPECT_EQ(outdated(session(seconds(20'000)), kDefaults), true);
  Session off = session(seconds(0));
  off.socket.timer.kind = TimerKind::kNone;
  off.keepalive = Keepalive::kOff;
  look({off});
  EXPECT_EQ(outdated(session(seconds(20'000)), kDefaults), false);
}

// Who is remembered
// ------------------------------------------------------------

TEST_F(Looks, MissedByAnIncompleteLookIsRememberedForAWhile) {
  Session hidden = session(seconds(1));
  hidden.socket.timer.kind = TimerKind::kRetransmit;
  hidden.keepalive = Keepalive::kHidden;
  look({session(seconds(7000))});
  look({}, kDefaults, false);
  look({}, kDefaults, false);
  EXPECT_EQ(look({hidden}).at(0).keepalive, Keepalive::kOn);
  for (int i = 0; i < 4; ++i) {
    look({}, kDefaults, false);
  }
  EXPECT_EQ(look({hidden}).at(0).keepalive, Keepalive::kHidden);
}

TEST_F(Looks, ObservedRefreshOfEachSession) {
  std::vector<Session> both = {session(seconds(7000), 1),
                               session(seconds(7000), 2)};
  for (Session& one : both) {
    one.socket.info->since_data_sent = one.socket.info->since_data_received =
        one.socket.info->since_ack_received = std::chrono::hours(1);
  }
  for (int i = 0; i < 12; ++i) {
    both[0].socket.info->segments_received += i % 3 == 0 ? 1 : 0;
    both = look(both);
  }
  EXPECT_EQ(both[0].observed_refresh,
            (ObservedRefresh{.at_least = seconds(20), .at_most = seconds(40)}));
  EXPECT_EQ(both[1].observed_refresh, std::nullopt);
}

// Through collect() and observe()
// ----------------------------------------------

class Collecting : public ::testing::Test {
 protected:
  // The kernel's answer: one session that has received that many segments.
  static Exchange answering(std::uint32_t segments_received) {
    struct tcp_info info {};
    info.tcpi_segs_in = segments_received;
    info.tcpi_last_data_sent = info.tcpi_last_data_recv =
        info.tcpi_last_ack_recv = 3'600'000;
    const testing::Bytes bytes = testing::join(
        testing::socket_message(testing::socket_header(),
                                testing::tcp_info_attribute(info)),
        testing::done());
    return [bytes](std::span<const std::byte> /*request*/,
                   const DatagramSink& sink) -> Result<void> {
      const Result<bool> more = sink(bytes);
      return more.ok() ? Result<void>() : more.error();
    };
  }

  std::optional<ObservedRefresh> collect_refresh(std::uint32_t segments) {
    now_.awake += seconds(10);
    Facts facts;
    EXPECT_TRUE(collect(HostRoot::live(), kPorts, answering(segments), &memory_,
                        {}, facts)
                    .empty());
    return facts.sessions.at(0).observed_refresh;
  }

  void observe_at(seconds later, std::uint32_t segments) {
    now_.awake += later;
    static_cast<void>(
        observe(HostRoot::live(), kPorts, answering(segments), memory_));
  }

  static constexpr std::array<std::uint16_t, 1> kPorts = {22};
  Instant now_;
  Memory memory_{[this] { return now_; }};
};

TEST_F(Collecting, LooksInBetweenMakeItExact) {
  EXPECT_EQ(collect_refresh(1), std::nullopt);
  observe_at(seconds(1), 2);
  observe_at(seconds(1), 2);
  observe_at(seconds(7), 2);
  observe_at(seconds(1), 3);
  EXPECT_EQ(collect_refresh(3),
            (ObservedRefresh{.at_least = seconds(8), .at_most = seconds(10)}));
}

TEST_F(Collecting, ObservingWaitsForNobody) {
  collect_refresh(1);
  const auto lock = memory_.lock();
  observe_at(seconds(1), 2);
}

TEST_F(Collecting, RefusedNetlinkForgetsNothing) {
  collect_refresh(1);
  collect_refresh(2);
  const auto refused = observe(
      HostRoot::live(), kPorts,
      [](std::span<const std::byte>, const DatagramSink& sink) -> Result<void> {
        const Result<bool> more = sink(testing::refusal(EPERM));
        return more.ok() ? Result<void>() : more.error();
      },
      memory_);
  EXPECT_EQ(refused, std::nullopt);
  EXPECT_NE(collect_refresh(3), std::nullopt);
}

TEST(KernelClock, Advances) {
  const Instant before = kernel_clock();
  const Instant after = kernel_clock();
  EXPECT_GT(before.awake, seconds(0));
  EXPECT_GE(after.awake, before.awake);
  EXPECT_FALSE(was_suspended(before, after));
  EXPECT_TRUE(was_suspended(
      before,
      {.awake = before.awake, .suspended = before.suspended + seconds(1)}));
}

}  // namespace
}  // namespace ssh_keepalive::sessions
