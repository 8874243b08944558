#include "diagnosis/session_verdict.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ssh_keepalive::diagnosis {
namespace {

using sessions::AddressFamily;
using sessions::Keepalive;
using sessions::Phase;
using sessions::Role;
using sessions::Session;
using sessions::TimerKind;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr openssh::Release kDebian12{9, 2};

sysctl::Facts kernel(std::int64_t time, std::int64_t interval,
                     std::int64_t probes, std::int64_t retries2 = 15) {
  return {.keepalive_time_seconds = time,
          .keepalive_intvl_seconds = interval,
          .keepalive_probes = probes,
          .retries2 = retries2};
}

// Idle for 10 s, with a keepalive timer that runs as it should.
Session session_of(Role role) {
  Session session;
  session.socket.local = {
      .family = AddressFamily::kIpv4, .address = {192, 0, 2, 1}, .port = 22};
  session.socket.peer = {.family = AddressFamily::kIpv4,
                         .address = {198, 51, 100, 7},
                         .port = 50022};
  session.socket.timer = {.kind = TimerKind::kKeepalive,
                          .expires = milliseconds(1000)};
  session.socket.info = {
      .since_data_sent = milliseconds(10'000),
      .since_data_received = milliseconds(10'000),
      .since_ack_received = milliseconds(10'000),
      .retransmission_timeout = std::chrono::microseconds(208'000),
      .smoothed_round_trip = std::chrono::microseconds(4'000)};
  session.role = role;
  session.phase = Phase::kAuthenticated;
  session.keepalive = Keepalive::kOn;
  return session;
}

// The same 1 s after the last packet, where tcp_keepalive_time is 5.
Session probed_after_5s(Role role) {
  Session session = session_of(role);
  session.socket.info->since_data_received =
      session.socket.info->since_ack_received = milliseconds(1000);
  session.socket.timer.expires = milliseconds(4000);
  return session;
}

sessions::Owner user(const std::string& tty) {
  sessions::Owner owner{
      .user = "alice", .tty = tty, .login_id = "12", .had_channel = true};
  owner.age = minutes(1);
  return owner;
}

sshd_config::Effective sshd(int interval, int count_max) {
  sshd_config::Effective settings;
  settings.client_alive_interval_seconds = {
      interval, sshd_config::Source{.file = "/etc/ssh/sshd_config", .line = 7}};
  settings.client_alive_count_max.value = count_max;
  return settings;
}

SshEnd server(int interval, int count_max,
              openssh::Release release = kDebian12) {
  return server_end(sshd(interval, count_max), release);
}

SshEnd client(int interval, int count_max) {
  return client_end({.server_alive_interval_seconds = interval,
                     .server_alive_count_max = count_max});
}

SessionVerdict judge(const sysctl::Facts& settings, const Session& session,
                     const SshEnd& end, Path path = {},
                     const HostLimits& limits = {}) {
  const sysctl::FactsByNetns all = {{netns::Name(), settings}};
  return SessionJudge(all, path, limits)
      .judge(session, &end, shell_timeout::LoginShell::kBash);
}

void expect_range(const std::optional<TimeRange>& range, double earliest,
                  double latest) {
  ASSERT_TRUE(range);
  EXPECT_NEAR(range->earliest.count(), earliest, 0.05);
  EXPECT_NEAR(range->latest.count(), latest, 0.05);
}

// Measured: real sshd 9.2 and ssh 9.2 on Linux 6.18, the path cut.

TEST(DeadPeer, ClientAliveOf92IsDoubled) {
  const SessionVerdict verdict =
      judge(kernel(7200, 75, 9), session_of(Role::kServer), server(2, 3));
  expect_range(verdict.dead_peer->time, 8, 16);  // 16.0 s
  EXPECT_EQ(verdict.dead_peer->layer, Layer::kClientAlive);
  EXPECT_EQ(verdict.dead_peer->source,
            (FileLine{.file = "/etc/ssh/sshd_config", .line = 7}));
  expect_range(verdict.refresh->time, 2, 4);
}

TEST(DeadPeer, ClientAliveFrom95IsExact) {
  const SessionVerdict verdict = judge(
      kernel(7200, 75, 9), session_of(Role::kServer), server(2, 3, {9, 6}));
  expect_range(verdict.dead_peer->time, 8, 8);
}

TEST(DeadPeer, ServerAliveCountsFromAWholeSecond) {
  const SessionVerdict verdict =
      judge(kernel(7200, 75, 9), session_of(Role::kClient), client(2, 3));
  expect_range(verdict.dead_peer->time, 7, 8);  // 8.00 s
  EXPECT_EQ(verdict.dead_peer->layer, Layer::kServerAlive);
}

TEST(DeadPeer, KernelsKeepaliveAlone) {
  const SessionVerdict verdict =
      judge(kernel(5, 2, 3), probed_after_5s(Role::kServer), server(0, 3));
  ASSERT_TRUE(verdict.dead_peer);
  EXPECT_GE(verdict.dead_peer->time.earliest.count(), 11);
  EXPECT_LE(verdict.dead_peer->time.earliest.count(), 11.05);  // 11.05 s
  EXPECT_GE(verdict.dead_peer->time.latest.count(), 11.27);    // 11.27 s
  EXPECT_LE(verdict.dead_peer->time.latest.count(), 11.4);
  EXPECT_EQ(verdict.dead_peer->layer, Layer::kTcpKeepalive);
  EXPECT_EQ(verdict.dead_peer->source, std::nullopt);
}

TEST(DeadPeer, KernelsKeepaliveOfTenMinutes) {
  const SessionVerdict verdict =
      judge(kernel(600, 75, 9), session_of(Role::kServer), server(0, 3));
  EXPECT_LE(verdict.dead_peer->time.earliest.count(), 1286.6);
  EXPECT_GE(verdict.dead_peer->time.latest.count(), 1288.8);
  EXPECT_LE(verdict.dead_peer->time.latest.count(), 1300);
}

TEST(DeadPeer, TimerRunsForTheIntervalAfterAnAnswer) {
  Session session = session_of(Role::kServer);
  session.socket.info->since_data_received = milliseconds(60'000);
  session.socket.info->since_ack_received = milliseconds(1000);
  session.socket.timer.expires = milliseconds(7000);
  const SessionVerdict answered = judge(kernel(3, 8, 2), session, server(0, 3));
  EXPECT_GE(answered.dead_peer->time.earliest.count(), 24);  // 24.58 s
  EXPECT_LE(answered.dead_peer->time.latest.count(), 24.8);
  session.socket.timer.expires = milliseconds(2000);
  const SessionVerdict data = judge(kernel(3, 8, 2), session, server(0, 3));
  EXPECT_GE(data.dead_peer->time.earliest.count(), 19);
  EXPECT_LE(data.dead_peer->time.latest.count(), 19.8);
  session.socket.timer.kind = TimerKind::kNone;
  const SessionVerdict unknown = judge(kernel(3, 8, 2), session, server(0, 3));
  EXPECT_GE(unknown.dead_peer->time.earliest.count(), 19);
  EXPECT_GE(unknown.dead_peer->time.latest.count(), 24.58);
}

TEST(DeadPeer, RetransmissionsEndWhatMessagesWouldNot) {
  const SessionVerdict at_client =
      judge(kernel(600, 75, 9), session_of(Role::kClient), client(120, 30));
  EXPECT_EQ(at_client.dead_peer->layer, Layer::kRetransmissionLimit);
  EXPECT_LE(at_client.dead_peer->time.earliest.count(), 1063);
  EXPECT_GE(at_client.dead_peer->time.latest.count(), 1063);
  EXPECT_LE(at_client.dead_peer->time.latest.count(), 1069);
  expect_range(at_client.refresh->time, 120, 120);
  EXPECT_EQ(at_client.refresh->layer, Layer::kServerAlive);

  const SessionVerdict at_server =
      judge(kernel(600, 75, 9), session_of(Role::kServer), server(120, 30));
  EXPECT_EQ(at_server.dead_peer->layer, Layer::kRetransmissionLimit);
  EXPECT_LE(at_server.dead_peer->time.earliest.count(), 1068);
  EXPECT_GE(at_server.dead_peer->time.latest.count(), 1183);
  EXPECT_LE(at_server.dead_peer->time.latest.count(), 1190);
  expect_range(at_server.refresh->time, 120, 240);
}

TEST(DeadPeer, UnacknowledgedMessagesSilenceTheProbes) {
  const SessionVerdict verdict = judge(
      kernel(5, 2, 3, 8), probed_after_5s(Role::kClient), client(2, 1000));
  EXPECT_EQ(verdict.dead_peer->layer, Layer::kRetransmissionLimit);
  EXPECT_GE(verdict.dead_peer->time.earliest.count(), 109);  // 109.2 s
  EXPECT_LE(verdict.dead_peer->time.latest.count(), 115.4);  // 115.4 s
}

TEST(DeadPeer, ProbesThatEndBeforeTheFirstMessageWin) {
  const SessionVerdict verdict =
      judge(kernel(5, 2, 3), probed_after_5s(Role::kClient), client(13, 3));
  EXPECT_EQ(verdict.dead_peer->layer, Layer::kTcpKeepalive);
  EXPECT_LE(verdict.dead_peer->time.latest.count(), 11.4);
}

TEST(DeadPeer, ProbesThatMayEndBeforeTheFirstMessage) {
  const SessionVerdict verdict =
      judge(kernel(5, 2, 3), probed_after_5s(Role::kClient), client(12, 3));
  EXPECT_EQ(verdict.dead_peer->layer, Layer::kServerAlive);
  EXPECT_NEAR(verdict.dead_peer->time.earliest.count(), 11, 0.05);
  EXPECT_EQ(verdict.dead_peer->time.latest.count(), 48);
}

TEST(DeadPeer, CountMaxOfZeroAtEitherEnd) {
  const SessionVerdict at_server =
      judge(kernel(7200, 75, 9, 5), session_of(Role::kServer), server(1, 0));
  EXPECT_EQ(at_server.dead_peer->layer, Layer::kRetransmissionLimit);
  EXPECT_GE(at_server.dead_peer->time.earliest.count(), 14.2);
  EXPECT_LE(at_server.dead_peer->time.latest.count(), 16.6);

  const SessionVerdict at_client =
      judge(kernel(7200, 75, 9), session_of(Role::kClient), client(6, 0));
  expect_range(at_client.dead_peer->time, 5, 6);
  EXPECT_EQ(at_client.refresh->layer, Layer::kTcpKeepalive);
  EXPECT_EQ(at_client.fate.kind, FateKind::kIdleKill);
  EXPECT_EQ(at_client.fate.by, Layer::kServerAlive);
}

TEST(DeadPeer, NothingEndsItWithoutKeepalives) {
  Session session = session_of(Role::kServer);
  session.keepalive = Keepalive::kOff;
  const SessionVerdict verdict =
      judge(kernel(7200, 75, 9), session, server(0, 3));
  EXPECT_TRUE(verdict.dead_peer->time.is_never());
  EXPECT_TRUE(verdict.refresh->time.is_never());
  EXPECT_EQ(verdict.fate.kind, FateKind::kIntact);
}

TEST(DeadPeer, OutdatedTimerDecides) {
  Session session = session_of(Role::kServer);
  session.outdated_sysctl = true;
  session.socket.timer.expires = minutes(119);
  const SessionVerdict verdict = judge(kernel(60, 2, 3), session, server(0, 3));
  EXPECT_GE(verdict.dead_peer->time.earliest.count(), 10 + 119 * 60 + 6);
  EXPECT_GE(verdict.refresh->time.earliest.count(), 10 + 119 * 60);
}

TEST(DeadPeer, UnknownSettings) {
  const sysctl::FactsByNetns all = {{netns::Name(), kernel(7200, 75, 9)}};
  SessionJudge judge_of(all, {.idle_timeout = Seconds(300)}, {});
  const SessionVerdict verdict =
      judge_of.judge(session_of(Role::kServer), nullptr);
  EXPECT_EQ(verdict.dead_peer, std::nullopt);
  EXPECT_EQ(verdict.fate, Fate());
  // The program may refresh it, too, but the kernel does so at the latest.
  EXPECT_EQ(verdict.refresh->time.earliest.count(), 0);
  EXPECT_GE(verdict.refresh->time.latest.count(), 7200);

  Session elsewhere = session_of(Role::kServer);
  elsewhere.netns = netns::Name("web");
  EXPECT_EQ(judge_of.judge(elsewhere, nullptr).refresh, std::nullopt);
}

TEST(Fates, PathThatForgetsFirst) {
  const Path path{.idle_timeout = Seconds(300)};
  const SessionVerdict lost =
      judge(kernel(7200, 75, 9), session_of(Role::kServer), server(0, 3), path);
  EXPECT_EQ(lost.fate.kind, FateKind::kLostByPath);
  EXPECT_EQ(lost.fate.by, Layer::kPath);
  expect_range(lost.fate.time, 290, 300);

  const SessionVerdict kept = judge(
      kernel(7200, 75, 9), session_of(Role::kServer), server(60, 3), path);
  EXPECT_EQ(kept.fate.kind, FateKind::kIntact);
  EXPECT_TRUE(kept.fate.time->is_never());
}

TEST(Fates, DoubledMessagesMayComeTooLate) {
  const SessionVerdict verdict =
      judge(kernel(7200, 75, 9), session_of(Role::kServer), server(180, 3),
            {.idle_timeout = Seconds(300)});
  EXPECT_EQ(verdict.fate.kind, FateKind::kLostByPath);
  EXPECT_EQ(verdict.fate.time->latest, kNever) << "only if it is unlucky";
}

TEST(Fates, ProbesDoNotRefreshAProxy) {
  const Path proxy{.bytes_idle_timeout = Seconds(600)};
  EXPECT_EQ(
      judge(kernel(60, 75, 9), session_of(Role::kServer), server(0, 3), proxy)
          .fate.kind,
      FateKind::kLostByPath);
  EXPECT_EQ(
      judge(kernel(60, 75, 9), session_of(Role::kServer), server(60, 3), proxy)
          .fate.kind,
      FateKind::kIntact);
}

TEST(Fates, NoPathOnOneHost) {
  Session session = session_of(Role::kServer);
  session.socket.peer.address = {127, 0, 0, 1};
  EXPECT_EQ(judge(kernel(7200, 75, 9), session, server(0, 3),
                  {.idle_timeout = Seconds(300)})
                .fate.kind,
            FateKind::kIntact);
}

TEST(Fates, PeersKeepalivesWereObserved) {
  const Path path{.idle_timeout = Seconds(300)};
  Session session = session_of(Role::kServer);
  session.observed_refresh = {.at_least = milliseconds(55'000),
                              .at_most = milliseconds(65'000),
                              .regular = true};
  const SessionVerdict verdict =
      judge(kernel(7200, 75, 9), session, server(0, 3), path);
  EXPECT_EQ(verdict.refresh->layer, Layer::kObserved);
  expect_range(verdict.refresh->time, 55, 65);
  EXPECT_EQ(verdict.fate.kind, FateKind::kIntact);

  session.observed_refresh->regular = false;  // a user who types
  EXPECT_EQ(
      judge(kernel(7200, 75, 9), session, server(0, 3), path).refresh->layer,
      Layer::kTcpKeepalive);
}

TEST(Fates, UnansweredProbes) {
  Session session = session_of(Role::kServer);
  session.socket.info->since_data_received =
      session.socket.info->since_ack_received = milliseconds(5500);
  session.socket.timer = {.kind = TimerKind::kKeepalive,
                          .expires = milliseconds(1500),
                          .unanswered = 1};
  const SessionVerdict verdict = judge(kernel(5, 2, 3), session, server(0, 3));
  EXPECT_EQ(verdict.fate.kind, FateKind::kDying);
  EXPECT_EQ(verdict.fate.by, Layer::kTcpKeepalive);
  expect_range(verdict.fate.time, 5.53, 5.56);
}

TEST(Fates, RetransmissionsUnderWay) {
  Session session = session_of(Role::kClient);
  session.keepalive = Keepalive::kHidden;
  session.socket.info->backoff = 3;
  session.socket.info->retransmission_timeout =
      std::chrono::microseconds(204'000 * 8);
  session.socket.info->smoothed_round_trip = std::chrono::microseconds(500);
  session.socket.info->since_data_received = milliseconds(4000);
  session.socket.timer = {.kind = TimerKind::kRetransmit,
                          .expires = milliseconds(1000),
                          .unanswered = 3};
  const SessionVerdict long_budget =
      judge(kernel(7200, 75, 9, 6), session, client(2, 1000));
  EXPECT_EQ(long_budget.fate.kind, FateKind::kDying);
  EXPECT_EQ(long_budget.fate.by, Layer::kRetransmissionLimit);
  // 1 s, then 3.264 + 6.528 + 13.056 s.
  EXPECT_GE(long_budget.fate.time->earliest.count(), 23.8);
  EXPECT_LE(long_budget.fate.time->latest.count(), 25);

  const SessionVerdict short_budget =
      judge(kernel(7200, 75, 9, 6), session, client(2, 3));
  EXPECT_EQ(short_budget.fate.by, Layer::kServerAlive);
  expect_range(short_budget.fate.time, 3, 4);
}

TEST(Fates, ClosedByThePeerIsNotKnown) {
  Session session = session_of(Role::kServer);
  session.socket.state = sessions::TcpState::kCloseWait;
  EXPECT_EQ(judge(kernel(7200, 75, 9), session, server(0, 3)).fate, Fate());
}

TEST(Fates, ProbesOfZeroEndAHealthySession) {
  const SessionVerdict verdict =
      judge(kernel(60, 75, 0), session_of(Role::kServer), server(0, 3));
  EXPECT_EQ(verdict.fate.kind, FateKind::kIdleKill);
  EXPECT_EQ(verdict.fate.by, Layer::kTcpKeepalive);
  EXPECT_GE(verdict.fate.time->earliest.count(), 50);
  EXPECT_TRUE(verdict.refresh->time.is_never());
}

TEST(Fates, LoginGrace) {
  Session session = session_of(Role::kServer);
  session.phase = Phase::kPreauth;
  session.owner = user("");
  const SessionVerdict verdict =
      judge(kernel(7200, 75, 9), session, server(0, 3));
  EXPECT_EQ(verdict.fate.kind, FateKind::kIdleKill);
  EXPECT_EQ(verdict.fate.by, Layer::kLoginGrace);
  expect_range(verdict.fate.time, 60, 60);
  const SessionVerdict newest =
      judge(kernel(7200, 75, 9), session, server(0, 3, {10, 0}));
  expect_range(newest.fate.time, 60, 64);
}

TEST(Fates, ChannelTimeoutOfAShell) {
  sshd_config::Effective settings = sshd(30, 3);
  settings.channel_timeouts.value = {"agent-connection=1m", "session:*=5m",
                                     "session:shell=1m"};
  Session session = session_of(Role::kServer);
  session.owner = user("pts/3");
  const SessionVerdict verdict =
      judge(kernel(7200, 75, 9), session, server_end(settings, kDebian12));
  EXPECT_EQ(verdict.fate.kind, FateKind::kIdleKill);
  EXPECT_EQ(verdict.fate.by, Layer::kChannelTimeout);
  // Used 10 s ago at the latest, a minute ago at the earliest.
  expect_range(verdict.fate.time, 239, 290);
}

TEST(Fates, ChannelTimeoutThatMatchesNoChannel) {
  sshd_config::Effective settings = sshd(30, 3);
  settings.channel_timeouts.value = {"session=5m"};
  Session session = session_of(Role::kServer);
  session.owner = user("pts/3");
  EXPECT_EQ(judge(kernel(7200, 75, 9), session, server_end(settings, kDebian12))
                .fate.kind,
            FateKind::kIntact);
}

TEST(Fates, ChannelTimeoutOfSomeChannels) {
  sshd_config::Effective settings = sshd(30, 3);
  settings.channel_timeouts.value = {"session:subsystem:sftp=5m"};
  Session session = session_of(Role::kServer);
  session.owner = user("");
  const SessionVerdict verdict =
      judge(kernel(7200, 75, 9), session, server_end(settings, kDebian12));
  EXPECT_EQ(verdict.fate.kind, FateKind::kIdleKill);
  EXPECT_EQ(verdict.fate.time->latest, kNever);
}

TEST(Fates, GlobalTimeoutOfAllChannels) {
  sshd_config::Effective settings = sshd(30, 3);
  settings.channel_timeouts.value = {"global=5m"};
  Session session = session_of(Role::kServer);
  session.owner = user("pts/3");
  EXPECT_EQ(judge(kernel(7200, 75, 9), session, server_end(settings, {9, 6}))
                .fate.kind,
            FateKind::kIntact);
  const SessionVerdict verdict =
      judge(kernel(7200, 75, 9), session, server_end(settings, {9, 7}));
  EXPECT_EQ(verdict.fate.by, Layer::kChannelTimeout);
  expect_range(verdict.fate.time, 239, 290);
}

// An ssh of that version and kind with one timeout for a type of channels.
SessionVerdict judge_client(const std::string& type, const std::string& version,
                            ssh_config::SessionKind kind) {
  const SshEnd end = client_end({.server_alive_interval_seconds = 30,
                                 .channel_timeouts = {{type, 300}},
                                 .session = kind,
                                 .version = *openssh::parse_version(version)});
  Session session = session_of(Role::kClient);
  session.owner = user("");
  return judge(kernel(7200, 75, 9), session, end);
}

TEST(Fates, ChannelTimeoutOfAnSsh) {
  using ssh_config::SessionKind;
  const std::string kDebian13 = "1:10.0p1-7+deb13u2";
  const SessionVerdict verdict =
      judge_client("session", kDebian13, SessionKind::kShell);
  EXPECT_EQ(verdict.fate.kind, FateKind::kIdleKill);
  EXPECT_EQ(verdict.fate.by, Layer::kChannelTimeout);
  expect_range(verdict.fate.time, 239, 290);
  const auto kind_of = [](const std::string& type, const std::string& version,
                          SessionKind kind) {
    return judge_client(type, version, kind).fate.kind;
  };
  EXPECT_EQ(kind_of("session", kDebian13, SessionKind::kNone),
            FateKind::kIntact);
  EXPECT_EQ(kind_of("session:*", kDebian13, SessionKind::kShell),
            FateKind::kIntact);
  const std::string kNewest = "1:10.0p1-7+deb13u3";
  EXPECT_EQ(kind_of("session", kNewest, SessionKind::kShell),
            FateKind::kIntact);
  EXPECT_EQ(kind_of("session:shell", kNewest, SessionKind::kShell),
            FateKind::kIdleKill);
  EXPECT_EQ(kind_of("session:shell", kNewest, SessionKind::kCommand),
            FateKind::kIntact);
  EXPECT_EQ(kind_of("session:subsystem:*", kNewest, SessionKind::kSubsystem),
            FateKind::kIdleKill);
}

TEST(Fates, ControlPersistOfAMasterWithoutASessionOfItsOwn) {
  using ssh_config::SessionKind;
  ClientSettings settings{.server_alive_interval_seconds = 30,
                          .control_persist_seconds = 600,
                          .session = SessionKind::kNone};
  Session session = session_of(Role::kClient);
  session.owner = user("");
  const SessionVerdict verdict =
      judge(kernel(7200, 75, 9), session, client_end(settings));
  EXPECT_EQ(verdict.fate.kind, FateKind::kIdleKill);
  EXPECT_EQ(verdict.fate.by, Layer::kControlPersist);
  // At the earliest; others may share it.
  EXPECT_NEAR(verdict.fate.time->earliest.count(), 539, 0.05);
  EXPECT_EQ(verdict.fate.time->latest, kNever);
  settings.session = SessionKind::kShell;
  EXPECT_EQ(judge(kernel(7200, 75, 9), session, client_end(settings)).fate.kind,
            FateKind::kIntact);
  settings.session = SessionKind::kNone;
  settings.control_persist_seconds.reset();
  EXPECT_EQ(judge(kernel(7200, 75, 9), session, client_end(settings)).fate.kind,
            FateKind::kIntact);
}

TEST(Fates, UnusedConnection) {
  sshd_config::Effective settings = sshd(30, 3);
  settings.unused_connection_timeout_seconds.value = 120;
  Session session = session_of(Role::kServer);
  session.owner = user("");
  session.owner->had_channel = false;
  const SessionVerdict verdict =
      judge(kernel(7200, 75, 9), session, server_end(settings, kDebian12));
  EXPECT_EQ(verdict.fate.by, Layer::kUnusedConnectionTimeout);
  expect_range(verdict.fate.time, 59, 110);
}

TEST(Fates, HostsLimitsAreForTerminals) {
  const HostLimits limits{
      .stop_idle_session =
          IdleLimit{.time = exactly(Seconds(1800)), .source = {}},
      .bash = IdleLimit{.time = exactly(Seconds(900)), .source = {}},
      .zsh = IdleLimit{.time = exactly(Seconds(300)), .source = {}},
      .tcsh = {}};
  Session session = session_of(Role::kServer);
  session.owner = user("pts/3");
  const SessionVerdict with_terminal =
      judge(kernel(7200, 75, 9), session, server(0, 3), {}, limits);
  EXPECT_EQ(with_terminal.fate.by, Layer::kShellTimeout);
  expect_range(with_terminal.fate.time, 840, 890);
  const sysctl::FactsByNetns all = {{netns::Name(), kernel(7200, 75, 9)}};
  SessionJudge judge_of_shells(all, {}, limits);
  const SshEnd end = server(0, 3);
  const auto fate_with = [&](shell_timeout::LoginShell shell) {
    return judge_of_shells.judge(session, &end, shell).fate;
  };
  using shell_timeout::LoginShell;
  expect_range(fate_with(LoginShell::kZsh).time, 240, 290);
  EXPECT_EQ(fate_with(LoginShell::kTcsh).by, Layer::kStopIdleSession);
  EXPECT_EQ(fate_with(LoginShell::kOther).by, Layer::kStopIdleSession);
  session.owner = user("");
  EXPECT_EQ(
      judge(kernel(7200, 75, 9), session, server(0, 3), {}, limits).fate.kind,
      FateKind::kIntact);
}

TEST(Fates, TheSoonestOfSeveral) {
  const HostLimits limits{
      .stop_idle_session = {},
      .bash = IdleLimit{.time = exactly(Seconds(900)), .source = {}},
      .zsh = IdleLimit{.time = exactly(Seconds(300)), .source = {}},
      .tcsh = {}};
  Session session = session_of(Role::kServer);
  session.owner = user("pts/3");
  EXPECT_EQ(judge(kernel(7200, 75, 9), session, server(0, 3),
                  {.idle_timeout = Seconds(350)}, limits)
                .fate.kind,
            FateKind::kLostByPath);
  EXPECT_EQ(judge(kernel(7200, 75, 9), session, server(0, 3),
                  {.idle_timeout = Seconds(3600)}, limits)
                .fate.kind,
            FateKind::kIdleKill);
}

TEST(Fates, ForwardedConnectionsAreTheirClients) {
  Session session = session_of(Role::kForwarded);
  session.keepalive = Keepalive::kOff;
  const sysctl::FactsByNetns all = {{netns::Name(), kernel(7200, 75, 9)}};
  const SessionVerdict verdict =
      SessionJudge(all, {.idle_timeout = Seconds(300)}, {})
          .judge(session, nullptr);
  EXPECT_EQ(verdict.fate.kind, FateKind::kUnknown);
  EXPECT_EQ(verdict.refresh, std::nullopt);
}

}  // namespace
}  // namespace ssh_keepalive::diagnosis
