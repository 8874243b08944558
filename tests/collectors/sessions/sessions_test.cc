#include "collectors/sessions/sessions.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <map>
#include <set>

#include "collectors/sessions/port_filter.h"
#include "collectors/sessions/role.h"
#include "tests/collectors/sessions/wire.h"

namespace ssh_keepalive::sessions {
namespace {

using testing::Bytes;
using testing::join;

constexpr std::array<std::uint16_t, 2> kPorts = {22, 2222};

struct Collected {
  Facts facts;
  std::vector<Error> errors;
};

Collected collect_root(const std::string& directory) {
  const HostRoot root = *HostRoot::open(directory);
  Collected collected;
  collected.errors =
      collect(root, kPorts, exchange_for(root), nullptr, {}, collected.facts);
  return collected;
}

Collected collect_fixture(std::string_view scenario) {
  return collect_root(testing::fixture_host(scenario));
}

// Answers every request with `bytes`.
Exchange answering(Bytes bytes) {
  return [bytes = std::move(bytes)](std::span<const std::byte> /*request*/,
                                    const DatagramSink& sink) -> Result<void> {
    const Result<bool> more = sink(bytes);
    return more.ok() ? Result<void>() : more.error();
  };
}

Exchange refusing(int errno_value) {
  return answering(testing::refusal(errno_value));
}

// Who is who -------------------------------------------------------------

class RoleOf : public ::testing::Test {
 protected:
  static Role role(std::uint16_t local, std::uint16_t peer,
                   std::vector<std::uint16_t> listening = {22}) {
    Socket socket;
    socket.local.port = local;
    socket.peer.port = peer;
    const std::vector<std::uint16_t> ports = {22, 2222, 40'000};
    return role_of(socket, PortSet(ports), listening, EphemeralPorts());
  }
};

TEST_F(RoleOf, ListenerMakesTheServer) {
  EXPECT_EQ(role(22, 50'000), Role::kServer);
  EXPECT_EQ(role(40'000, 50'000, {22, 40'000}), Role::kServer);
  EXPECT_EQ(role(22, 2222), Role::kServer);
}

TEST_F(RoleOf, PeersPortMakesTheClient) {
  EXPECT_EQ(role(50'000, 22), Role::kClient);
  EXPECT_EQ(role(50'000, 2222, {}), Role::kClient);
}

TEST_F(RoleOf, EphemeralPortOfTheSetIsAClientsAllTheSame) {
  EXPECT_EQ(role(40'000, 22), Role::kClient);
}

TEST_F(RoleOf, SessionsOutliveTheirListener) {
  EXPECT_EQ(role(22, 50'000, {}), Role::kServer);
  EXPECT_EQ(role(2222, 50'000, {}), Role::kServer);
}

TEST_F(RoleOf, EphemeralPortWithoutListenerAndOtherPeerIsUnknown) {
  EXPECT_EQ(role(40'000, 443), Role::kUnknown);
}

// Collecting -------------------------------------------------------------

TEST(CollectSessions, PlainHost) {
  const Collected collected = collect_fixture("plain");
  EXPECT_TRUE(collected.errors.empty());
  EXPECT_EQ(collected.facts.source, Source::kNetlink);
  EXPECT_EQ(collected.facts.listening_ports, std::vector<std::uint16_t>{22});
  ASSERT_EQ(collected.facts.sessions.size(), 3U);
  int servers = 0;
  for (const Session& session : collected.facts.sessions) {
    servers += session.role == Role::kServer ? 1 : 0;
    EXPECT_EQ(session.keepalive, Keepalive::kOn);
    EXPECT_EQ(session.phase, Phase::kUnknown);
    EXPECT_GT(wire_silence_at_most(session), std::chrono::seconds(64));
    EXPECT_LT(wire_silence_at_most(session), std::chrono::seconds(80));
    EXPECT_LT(session.socket.timer.expires, std::chrono::seconds(7200 - 64));
  }
  EXPECT_EQ(servers, 2);
}

TEST(CollectSessions, EveryKindOfConnection) {
  const Collected collected = collect_fixture("busy");
  EXPECT_TRUE(collected.errors.empty());
  EXPECT_EQ(collected.facts.listening_ports,
            (std::vector<std::uint16_t>{22, 2222}));
  ASSERT_EQ(collected.facts.sessions.size(), 9U);
  std::map<Role, int> roles;
  std::map<Keepalive, int> keepalives;
  int left = 0;
  int probing = 0;
  int retransmitting = 0;
  for (const Session& session : collected.facts.sessions) {
    ++roles[session.role];
    ++keepalives[session.keepalive];
    left += session.socket.state == TcpState::kCloseWait ? 1 : 0;
    probing += is_probing(session) ? 1 : 0;
    retransmitting += is_retransmitting(session) ? 1 : 0;
  }
  EXPECT_EQ(roles,
            (std::map<Role, int>{{Role::kServer, 6}, {Role::kClient, 3}}));
  EXPECT_EQ(keepalives, (std::map<Keepalive, int>{{Keepalive::kOn, 6},
                                                  {Keepalive::kOff, 1},
                                                  {Keepalive::kHidden, 2}}));
  EXPECT_EQ(left, 1);
  EXPECT_EQ(probing, 1);
  EXPECT_EQ(retransmitting, 1);
}

TEST(CollectSessions, BothEndsOfALoopbackConnection) {
  const Collected collected = collect_fixture("busy");
  std::set<Role> roles;
  for (const Session& session : collected.facts.sessions) {
    if (to_string(session.socket.peer).starts_with("127.0.0.1:")) {
      roles.insert(session.role);
    }
  }
  EXPECT_EQ(roles, (std::set<Role>{Role::kServer, Role::kClient}));
}

TEST(CollectSessions, ProcNetTcpAloneTellsTheSameButForSilence) {
  const Facts by_netlink = collect_fixture("busy").facts;
  const Collected by_proc = collect_fixture("proc_net_only");
  EXPECT_TRUE(by_proc.errors.empty());
  EXPECT_EQ(by_proc.facts.source, Source::kProcNetTcp);
  EXPECT_EQ(by_proc.facts.listening_ports, by_netlink.listening_ports);
  ASSERT_EQ(by_proc.facts.sessions.size(), by_netlink.sessions.size());
  for (const Session& session : by_proc.facts.sessions) {
    const auto same =
        std::find_if(by_netlink.sessions.begin(), by_netlink.sessions.end(),
                     [&](const Session& other) {
                       return other.socket.inode == session.socket.inode;
                     });
    ASSERT_NE(same, by_netlink.sessions.end());
    EXPECT_EQ(session.socket.local, same->socket.local);
    EXPECT_EQ(session.socket.peer, same->socket.peer);
    EXPECT_EQ(session.socket.family, same->socket.family);
    EXPECT_EQ(session.socket.state, same->socket.state);
    EXPECT_EQ(session.socket.timer.kind, same->socket.timer.kind);
    EXPECT_EQ(session.socket.timer.unanswered, same->socket.timer.unanswered);
    EXPECT_EQ(session.role, same->role);
    EXPECT_EQ(session.keepalive, same->keepalive);
    EXPECT_FALSE(wire_silence_at_most(session));
  }
}

TEST(CollectSessions, RootWithoutSocketsKnowsNothingAndThatIsNoError) {
  const Collected collected = collect_fixture("no_sockets");
  EXPECT_TRUE(collected.errors.empty());
  EXPECT_EQ(collected.facts, Facts());
}

TEST(CollectSessions, GarbageNamesBothSources) {
  const Collected collected = collect_fixture("garbage");
  ASSERT_EQ(collected.errors.size(), 2U);
  EXPECT_EQ(collected.errors[0].kind, ErrorKind::kInvalid);
  EXPECT_EQ(collected.errors[0].subject, kRecordedDump);
  EXPECT_TRUE(collected.errors[1].subject.starts_with("/proc/net/tcp:"));
  EXPECT_EQ(collected.facts, Facts());
}

TEST(CollectSessions, UnfinishedRecordingIsAnError) {
  const testing::TemporaryDirectory directory;
  directory.write(kRecordedDump, "");
  const Collected collected = collect_root(directory.path().string());
  ASSERT_EQ(collected.errors.size(), 1U);
  EXPECT_EQ(collected.errors[0].message(),
            "decode /netlink/tcp_dump.bin: the recording ends before the dump "
            "does");
}

TEST(CollectSessions, RefusedNetlinkFallsBackSilently) {
  for (const int reason : {EPERM, EACCES, ENOENT}) {
    const HostRoot root = *HostRoot::open(testing::fixture_host("busy"));
    Facts facts;
    EXPECT_TRUE(
        collect(root, kPorts, refusing(reason), nullptr, {}, facts).empty());
    EXPECT_EQ(facts.source, Source::kProcNetTcp);
    EXPECT_EQ(facts.sessions.size(), 9U);
  }
}

TEST(CollectSessions, FailedNetlinkFallsBackAndSaysSo) {
  const HostRoot root = *HostRoot::open(testing::fixture_host("busy"));
  Facts facts;
  EXPECT_EQ(collect(root, kPorts, refusing(ENOMEM), nullptr, {}, facts).size(),
            1U);
  EXPECT_EQ(facts.source, Source::kProcNetTcp);
}

TEST(CollectSessions, MoreThan64PortsAreAnErrorAndTheFirstAreWatched) {
  const HostRoot root = *HostRoot::open(testing::fixture_host("busy"));
  std::vector<std::uint16_t> ports;
  for (std::uint16_t port = 22; port < 22 + 70; ++port) {
    ports.push_back(port);
  }
  Facts facts;
  const std::vector<Error> errors =
      collect(root, ports, exchange_for(root), nullptr, {}, facts);
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].kind, ErrorKind::kLimit);
  EXPECT_EQ(errors[0].message(),
            "watch SSH ports: 6 are left out: at most 64 are possible");
  EXPECT_EQ(facts.source, Source::kNetlink);
}

TEST(CollectSessions, SocketsThatAreReportedTwiceCountOnce) {
  inet_diag_msg before_accept = testing::socket_header();
  before_accept.idiag_inode = 0;
  inet_diag_msg other = testing::socket_header();
  other.id.idiag_cookie[0] = 8;
  Facts facts;
  collect(
      HostRoot::live(), kPorts,
      answering(join(testing::socket_message(testing::socket_header()),
                     testing::socket_message(other),
                     testing::socket_message(before_accept), testing::done())),
      nullptr, {}, facts);
  EXPECT_EQ(facts.sessions.size(), 2U);
}

// Remembering ------------------------------------------------------------

class Remember : public ::testing::Test {
 protected:
  Keepalive look(std::uint8_t timer, std::uint32_t cookie = 7) {
    inet_diag_msg header = testing::socket_header();
    header.idiag_timer = timer;
    header.id.idiag_cookie[0] = cookie;
    Facts facts;
    collect(HostRoot::live(), kPorts,
            answering(join(testing::socket_message(header), testing::done())),
            &memory_, {}, facts);
    return facts.sessions.at(0).keepalive;
  }

  Memory memory_;
};

constexpr std::uint8_t kNoTimer = 0;
constexpr std::uint8_t kRetransmitTimer = 1;
constexpr std::uint8_t kKeepaliveTimer = 2;
constexpr std::uint8_t kZeroWindowTimer = 4;
constexpr std::uint8_t kDelayedAckTimer = 5;

TEST_F(Remember, TimersTellKeepalive) {
  EXPECT_EQ(look(kKeepaliveTimer, 1), Keepalive::kOn);
  EXPECT_EQ(look(kNoTimer, 2), Keepalive::kOff);
  EXPECT_EQ(look(kDelayedAckTimer, 3), Keepalive::kOff);
  EXPECT_EQ(look(kRetransmitTimer, 4), Keepalive::kHidden);
  EXPECT_EQ(look(kZeroWindowTimer, 5), Keepalive::kHidden);
}

TEST_F(Remember, WhatWasSeenBeforeTheTimerHidIt) {
  EXPECT_EQ(look(kKeepaliveTimer), Keepalive::kOn);
  EXPECT_EQ(look(kRetransmitTimer), Keepalive::kOn);
  EXPECT_EQ(look(kZeroWindowTimer), Keepalive::kOn);
  EXPECT_EQ(look(kNoTimer), Keepalive::kOff);
  EXPECT_EQ(look(kRetransmitTimer), Keepalive::kOff);
}

TEST_F(Remember, SocketsThatAreGoneAreForgotten) {
  EXPECT_EQ(look(kKeepaliveTimer), Keepalive::kOn);
  EXPECT_EQ(look(kKeepaliveTimer, 8), Keepalive::kOn);
  EXPECT_EQ(look(kRetransmitTimer), Keepalive::kHidden);
}

}  // namespace
}  // namespace ssh_keepalive::sessions
