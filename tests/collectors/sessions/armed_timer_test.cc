#include "collectors/sessions/armed_timer.h"

#include <gtest/gtest.h>

#include "tests/support.h"

namespace ssh_keepalive::sessions {
namespace {

using std::chrono::seconds;

// Reading ------------------------------------------------------------------

std::optional<KeepaliveSettings> read(std::string_view time,
                                      std::string_view interval) {
  const testing::TemporaryDirectory directory;
  directory.write("/proc/sys/net/ipv4/tcp_keepalive_time", time);
  directory.write("/proc/sys/net/ipv4/tcp_keepalive_intvl", interval);
  return read_keepalive_settings(*HostRoot::open(directory.path().string()));
}

TEST(ReadKeepaliveSettings, BothOrNothing) {
  EXPECT_EQ(read("7200\n", "75\n"),
            (KeepaliveSettings{seconds(7200), seconds(75)}));
  EXPECT_EQ(read("0\n", "0\n"), KeepaliveSettings());
  for (const char* const bad :
       {"", "\n", "-1\n", "x\n", "7200 75\n", "99999999999\n"}) {
    EXPECT_EQ(read(bad, "75\n"), std::nullopt) << bad;
    EXPECT_EQ(read("7200\n", bad), std::nullopt) << bad;
  }
  EXPECT_EQ(read_keepalive_settings(
                *HostRoot::open(testing::fixture_host("no_sockets") + "/etc")),
            std::nullopt);
}

// Judging --------------------------------------------------------------------

constexpr KeepaliveSettings kDefaults = {seconds(7200), seconds(75)};

Socket armed(seconds expires, seconds since_received,
             std::uint32_t unanswered = 0) {
  Socket socket;
  socket.timer = {.kind = TimerKind::kKeepalive,
                  .expires = expires,
                  .unanswered = unanswered};
  // What was sent does not count before it is acknowledged.
  socket.info = TcpInfo{.since_data_sent = milliseconds(0),
                        .since_data_received = since_received + seconds(100),
                        .since_ack_received = since_received};
  return socket;
}

bool is_other(const Socket& socket, const KeepaliveSettings& settings) {
  const std::optional<bool> judged =
      armed_with_other_settings(socket, settings);
  EXPECT_TRUE(judged);
  return judged.value_or(false);
}

TEST(ArmedTimer, AtRestTheyAddUpToTheKeepaliveTime) {
  EXPECT_FALSE(is_other(armed(seconds(7200), seconds(0)), kDefaults));
  EXPECT_FALSE(is_other(armed(seconds(200), seconds(7000)), kDefaults));
}

TEST(ArmedTimer, TrafficAfterArmingMakesItLess) {
  EXPECT_FALSE(is_other(armed(seconds(200), seconds(3)), kDefaults));
}

TEST(ArmedTimer, LoweredTimeIsSeenUntilTheTimerFires) {
  const KeepaliveSettings lowered = {seconds(60), seconds(75)};
  EXPECT_TRUE(is_other(armed(seconds(7190), seconds(10)), lowered));
  // Due in 10 s, but it should have been sent two hours ago.
  EXPECT_TRUE(is_other(armed(seconds(10), seconds(7190)), lowered));
  // Fires early, and then looks at the new time.
  EXPECT_FALSE(is_other(armed(seconds(10), seconds(5)), lowered));
}

TEST(ArmedTimer, RaisedTimeCannotBeTold) {
  const KeepaliveSettings raised = {seconds(100'000), seconds(75)};
  EXPECT_FALSE(is_other(armed(seconds(7190), seconds(10)), raised));
}

TEST(ArmedTimer, AfterAnAnsweredProbeTheIntervalCounts) {
  const KeepaliveSettings rare_probes = {seconds(10), seconds(75)};
  EXPECT_FALSE(is_other(armed(seconds(74), seconds(1)), rare_probes));
  EXPECT_TRUE(
      is_other(armed(seconds(74), seconds(1)), {seconds(10), seconds(30)}));
}

TEST(ArmedTimer, UnansweredProbesComeAtTheInterval) {
  EXPECT_FALSE(is_other(armed(seconds(75), seconds(7200), 1), kDefaults));
  EXPECT_FALSE(is_other(armed(seconds(3), seconds(7500), 5), kDefaults));
  EXPECT_TRUE(is_other(armed(seconds(70), seconds(7500), 5),
                       {seconds(7200), seconds(5)}));
}

TEST(ArmedTimer, TimeRaisedWhileProbing) {
  // It fired, saw that 30 s are early now, and was armed for the rest.
  EXPECT_FALSE(is_other(armed(seconds(7170), seconds(30), 2), kDefaults));
}

TEST(ArmedTimer, AlmostEqualIsEqual) {
  Socket socket = armed(seconds(7200), seconds(1));
  EXPECT_FALSE(is_other(socket, kDefaults));
  socket.timer.expires += milliseconds(1);
  EXPECT_TRUE(is_other(socket, kDefaults));
}

TEST(ArmedTimer, WithoutTcpInfoTheTimerAloneCounts) {
  Socket socket = armed(seconds(200), seconds(7100));
  EXPECT_TRUE(is_other(socket, kDefaults));
  socket.info.reset();
  EXPECT_FALSE(is_other(socket, kDefaults));
  EXPECT_TRUE(is_other(socket, {seconds(60), seconds(75)}));
}

TEST(ArmedTimer, OtherTimersSayNothing) {
  for (const TimerKind kind : {TimerKind::kNone, TimerKind::kRetransmit,
                               TimerKind::kZeroWindow, TimerKind::kOther}) {
    Socket socket = armed(seconds(100'000), seconds(0));
    socket.timer.kind = kind;
    EXPECT_EQ(armed_with_other_settings(socket, kDefaults), std::nullopt);
  }
}

}  // namespace
}  // namespace ssh_keepalive::sessions
