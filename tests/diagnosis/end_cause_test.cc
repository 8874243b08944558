// Figures are those of real sockets (Linux 6.18), as their ends were measured.
#include "diagnosis/end_cause.h"

#include <gtest/gtest.h>

#include "diagnosis/end_advice.h"

namespace ssh_keepalive::diagnosis {
namespace {

using sessions::FinalSocket;
using sessions::Remains;
using sessions::Role;
using std::chrono::milliseconds;

constexpr openssh::Release kDebian12{9, 2};

// A session that sends 5 bytes as a client and 7 as a server, and was idle for
// 10 s at the last look, 2 s before its end.
class Ended : public ::testing::Test {
 protected:
  explicit Ended() { set_role(Role::kServer); }

  void set_role(Role role) {
    facts_.session.role = role;
    const bool is_server = role == Role::kServer;
    facts_.since_look = Seconds(2);
    facts_.session.socket.info.emplace().bytes_received = 5003;
    facts_.session.socket.info->retransmission_timeout =
        std::chrono::microseconds(204'000);
    facts_.keepalive = keepalive_timer({.keepalive_time_seconds = 2,
                                        .keepalive_intvl_seconds = 1,
                                        .keepalive_probes = 2});
    facts_.retransmission = retransmission_settings({.retries2 = 3});
    FinalSocket& final = facts_.final.emplace();
    final.bytes_sent = is_server ? 7 : 5;
    final.bytes_retransmitted = 0;
    info().bytes_acknowledged = is_server ? 7 : 6;
    info().bytes_received = 5003 + 36;
    set_silence(milliseconds(12'000));
    facts_.remains = Remains::kNothing;
  }

  sessions::TcpInfo& info() {
    auto& info = facts_.final->socket.info;
    return info ? *info : info.emplace();
  }

  void set_silence(milliseconds time) {
    info().since_data_received = info().since_ack_received = time;
  }

  // ClientAliveInterval 2 and ClientAliveCountMax 3 of sshd 9.2.
  void set_messages(double earliest, double latest) {
    facts_.verdict.messages_end =
        TimeOfLayer{.time = {Seconds(earliest), Seconds(latest)},
                    .layer = Layer::kClientAlive,
                    .source = FileLine{"/etc/ssh/sshd_config", 7}};
  }

  void set_limit(Layer layer, double earliest, double latest) {
    facts_.verdict.fate = {
        .kind = FateKind::kIdleKill,
        .time = TimeRange{Seconds(earliest), Seconds(latest)},
        .by = layer,
        .source = FileLine{"/etc/ssh/sshd_config", 9}};
  }

  void expect(EndCause cause, ClosedBy closed_by = ClosedBy::kUnknown) {
    const CauseOfEnd end = cause_of(facts_);
    EXPECT_EQ(name_of(end.cause), name_of(cause));
    EXPECT_EQ(name_of(end.closed_by), name_of(closed_by));
    EXPECT_FALSE(end.evidence.empty());
  }

  EndFacts facts_;
};

TEST_F(Ended, ClosedHereFirst) {
  for (const Role role : {Role::kServer, Role::kClient}) {
    set_role(role);
    ++info().bytes_acknowledged;  // the FIN
    facts_.remains = Remains::kTimeWait;
    expect(EndCause::kClosed, ClosedBy::kHere);
  }
}

TEST_F(Ended, ClosedByThePeerFirst) {
  for (const Role role : {Role::kServer, Role::kClient}) {
    set_role(role);
    ++info().bytes_acknowledged;
    ++info().bytes_received;
    expect(EndCause::kClosed, ClosedBy::kPeer);
    facts_.final->unread_bytes = 1;  // its FIN
    expect(EndCause::kClosed, ClosedBy::kPeer);
    facts_.remains.reset();
    expect(EndCause::kClosed, ClosedBy::kUnknown);
  }
}

// A process that is killed: what its peer still sends is answered with a RST.
TEST_F(Ended, ALookHasSeenThePeersFin) {
  info().bytes_acknowledged = 8;
  facts_.session.socket.info->bytes_received = info().bytes_received = 5004;
  expect(EndCause::kClosed, ClosedBy::kHere);
  facts_.session.socket.state = sessions::TcpState::kCloseWait;
  expect(EndCause::kClosed, ClosedBy::kPeer);
}

TEST_F(Ended, ClosedHereAndDataCameLater) {
  ++info().bytes_acknowledged;
  expect(EndCause::kClosed, ClosedBy::kHere);
}

TEST_F(Ended, ClosedByThePeerWhichRefusedWhatCameLater) {
  ++info().bytes_received;
  expect(EndCause::kClosed, ClosedBy::kPeer);
  info().bytes_received += 2;  // a look in the middle of a packet
  expect(EndCause::kReset);
}

TEST_F(Ended, ClosedWhileNobodyAnswers) {
  facts_.remains = Remains::kClosing;
  facts_.final->unacknowledged_bytes = 4;
  facts_.final->bytes_sent = 10;
  info().retransmits = 3;
  expect(EndCause::kClosed, ClosedBy::kHere);
  // Told only when the kernel gave its FIN up.
  facts_.remains = Remains::kNothing;
  expect(EndCause::kClosed, ClosedBy::kHere);
}

// A laptop that was asleep while sshd gave up, and now speaks: a RST before
// sshd's FIN was sent, for the lost message in front of it is being sent again.
TEST_F(Ended, ClosedBehindDataThatNobodyAnswers) {
  constexpr std::uint64_t kBefore = 4001;
  constexpr std::uint32_t kMessage = 44;
  facts_.session.socket.info->bytes_acknowledged = kBefore;
  info().bytes_acknowledged = kBefore;
  info().retransmits = 1;
  facts_.final->bytes_sent = kBefore + 3 * kMessage;
  facts_.final->bytes_retransmitted = 2 * kMessage;
  facts_.final->unacknowledged_bytes = kMessage;
  expect(EndCause::kReset);
  ++facts_.final->unacknowledged_bytes;
  facts_.final->bytes_not_sent = 1;
  expect(EndCause::kClosed, ClosedBy::kHere);
  set_messages(8, 14);
  expect(EndCause::kSshKeepalive, ClosedBy::kHere);
  // Another message that waits is no FIN.
  facts_.final->unacknowledged_bytes = 2 * kMessage;
  facts_.final->bytes_not_sent = kMessage;
  expect(EndCause::kReset);
}

TEST_F(Ended, ResetByThePeer) {
  for (const Role role : {Role::kServer, Role::kClient}) {
    set_role(role);
    expect(EndCause::kReset);
    info().probes = 1;
    expect(EndCause::kReset);
    info().probes = 0;
    info().retransmits = 2;
    expect(EndCause::kReset);
  }
}

TEST_F(Ended, ClosedHereWithDataUnread) {
  facts_.final->unread_bytes = 10;
  expect(EndCause::kClosed, ClosedBy::kHere);
}

TEST_F(Ended, Probes) {
  info().probes = 2;
  set_silence(milliseconds(4'280));
  expect(EndCause::kTcpKeepalive);
  EXPECT_NEAR(silence_before_death(facts_, EndCause::kTcpKeepalive)->count(),
              2.2, 0.1);
}

TEST_F(Ended, NoProbesResetTheHealthy) {
  facts_.keepalive = keepalive_timer({.keepalive_time_seconds = 5,
                                      .keepalive_intvl_seconds = 1,
                                      .keepalive_probes = 0});
  set_limit(Layer::kTcpKeepalive, 1.5, 1.9);
  expect(EndCause::kTcpKeepalive);
  facts_.since_look = Seconds(0.5);
  expect(EndCause::kReset);
}

TEST_F(Ended, Retransmissions) {
  set_role(Role::kClient);
  facts_.final->bytes_sent = 23;
  facts_.final->bytes_retransmitted = 15;
  facts_.final->unacknowledged_bytes = 3;
  info().retransmits = 4;
  set_silence(milliseconds(6'888));
  expect(EndCause::kRetransmissionLimit);
  EXPECT_LT(
      silence_before_death(facts_, EndCause::kRetransmissionLimit)->count(), 1);
  // A RST after the second one.
  info().retransmits = 2;
  expect(EndCause::kReset);
}

TEST_F(Ended, SshGaveUpOnAPeerThatStandsStill) {
  set_messages(8, 16);
  ++info().bytes_acknowledged;
  facts_.remains = Remains::kTimeWait;
  info().since_data_received = milliseconds(16'010);
  facts_.since_look = Seconds(4);
  expect(EndCause::kSshKeepalive, ClosedBy::kHere);
  info().since_data_received = milliseconds(3'000);
  expect(EndCause::kClosed, ClosedBy::kHere);
  facts_.remains = Remains::kNothing;
  ++info().bytes_received;
  info().since_data_received = milliseconds(16'010);
  expect(EndCause::kClosed, ClosedBy::kPeer);
}

TEST_F(Ended, SshGaveUpOnADeadPath) {
  set_messages(8, 16);
  facts_.remains = Remains::kClosing;
  facts_.final->unacknowledged_bytes = 90;
  facts_.final->bytes_sent = 96;
  info().retransmits = 5;
  info().since_data_received = milliseconds(16'400);
  expect(EndCause::kSshKeepalive, ClosedBy::kHere);
  EXPECT_NE(advice_on(facts_, cause_of(facts_), {})
                .find("ClientAliveCountMax (/etc/ssh/sshd_config:7)"),
            std::string::npos);
  info().since_data_received = milliseconds(6'000);
  expect(EndCause::kClosed, ClosedBy::kHere);
}

TEST_F(Ended, Limits) {
  ++info().bytes_acknowledged;
  ++info().bytes_received;
  set_limit(Layer::kChannelTimeout, 1, 2);
  expect(EndCause::kChannelTimeout, ClosedBy::kPeer);
  EXPECT_EQ(advice_on(facts_, cause_of(facts_), {}),
            "a longer limit (/etc/ssh/sshd_config:9)");
  set_limit(Layer::kShellTimeout, 1, 2);
  expect(EndCause::kIdleKill, ClosedBy::kPeer);
  // Its latest time is the one since the last data.
  set_limit(Layer::kShellTimeout, 0, 800);
  expect(EndCause::kClosed, ClosedBy::kPeer);
  facts_.since_look = Seconds(799.5);
  expect(EndCause::kIdleKill, ClosedBy::kPeer);
  // The last look came between the last words and the end.
  facts_.earlier_fate = facts_.verdict.fate;
  facts_.since_earlier_look = facts_.since_look;
  facts_.since_look = Seconds(0.1);
  facts_.verdict.fate = {.kind = FateKind::kIntact};
  expect(EndCause::kIdleKill, ClosedBy::kPeer);
  facts_.earlier_fate = {};
  set_limit(Layer::kShellTimeout, 1, kNever.count());
  expect(EndCause::kClosed, ClosedBy::kPeer);
}

TEST_F(Ended, WhereThePathForgot) {
  facts_.verdict.fate = {.kind = FateKind::kLostByPath,
                         .time = exactly(Seconds(10)),
                         .by = Layer::kPath,
                         .source = {}};
  expect(EndCause::kReset);
  EXPECT_NEAR(silence_before_death(facts_, EndCause::kReset)->count(), 12, 0.1);
  const std::vector<Finding> findings = {
      {.check = "refresh_too_late",
       .subject = "sshd ssh.service",
       .remedy = Remedy{.action = Action::kAdd,
                        .at = {.file = "/etc/ssh/sshd_config", .line = 0},
                        .text = "ClientAliveInterval 60"}}};
  EXPECT_EQ(advice_on(facts_, cause_of(facts_), findings),
            "a refresh before the path forgets: ClientAliveInterval 60 in "
            "/etc/ssh/sshd_config");
  facts_.session.role = Role::kClient;
  EXPECT_EQ(advice_on(facts_, {.cause = EndCause::kReset}, findings),
            "a refresh before the path forgets");
}

TEST_F(Ended, NobodySawIt) {
  facts_.final.reset();
  expect(EndCause::kUnknown);
  EXPECT_EQ(silence_before_death(facts_, EndCause::kUnknown), std::nullopt);
  facts_.remains = Remains::kTimeWait;
  expect(EndCause::kClosed, ClosedBy::kHere);
}

TEST_F(Ended, OldKernelsDoNotCountPayload) {
  facts_.final->bytes_sent.reset();
  expect(EndCause::kUnknown);
  facts_.remains = Remains::kTimeWait;
  expect(EndCause::kClosed, ClosedBy::kHere);
  facts_.remains = Remains::kNothing;
  info().probes = 2;
  expect(EndCause::kTcpKeepalive);
}

TEST(Retransmissions, UntilTheEnd) {
  const auto settings = retransmission_settings({.retries2 = 3});
  EXPECT_EQ(retransmissions_until_end(*settings, Seconds(0.204)), 4);
  EXPECT_EQ(retransmissions_until_end(*settings, Seconds(60)), 1);
}

TEST(EndCauses, Names) {
  for (const EndCause cause : kEndCauses) {
    EXPECT_EQ(end_cause_named(name_of(cause)), cause);
  }
  EXPECT_EQ(end_cause_named("weather"), std::nullopt);
}

}  // namespace
}  // namespace ssh_keepalive::diagnosis
