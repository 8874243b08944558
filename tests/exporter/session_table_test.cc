#include "exporter/cli/session_table.h"

#include <gtest/gtest.h>

#include "exporter/cli/session_cells.h"
#include "exporter/cli/session_risk.h"
#include "exporter/cli/sessions.h"

namespace ssh_keepalive {
namespace {

using sessions::Facts;
using sessions::Keepalive;
using sessions::Phase;
using sessions::Role;
using sessions::Session;
using sessions::Source;
using sessions::TcpState;
using sessions::TimerKind;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Session quiet_session() {
  Session session;
  session.socket.local = {.address = {192, 0, 2, 1}, .port = 22};
  session.socket.peer = {.address = {198, 51, 100, 77}, .port = 50'000};
  session.socket.timer = {.kind = TimerKind::kKeepalive,
                          .expires = minutes(118)};
  session.socket.info.emplace();
  session.role = Role::kServer;
  session.keepalive = Keepalive::kOn;
  session.owner = sessions::Owner{
      .pid = 1'234'567, .process = "sshd", .user = "alice", .tty = "pts/3"};
  session.observed_refresh = {.at_least = seconds(175),
                              .at_most = seconds(185)};
  return session;
}

TEST(ShortDuration, FewLetters) {
  EXPECT_EQ(short_duration(milliseconds(0)), "0s");
  EXPECT_EQ(short_duration(milliseconds(250)), "250ms");
  EXPECT_EQ(short_duration(milliseconds(1000)), "1.0s");
  EXPECT_EQ(short_duration(milliseconds(9999)), "9.9s");
  EXPECT_EQ(short_duration(milliseconds(59'999)), "59s");
  EXPECT_EQ(short_duration(seconds(60)), "1m00s");
  EXPECT_EQ(short_duration(seconds(3599)), "59m59s");
  EXPECT_EQ(short_duration(seconds(7135)), "1h58m");
  EXPECT_EQ(short_duration(hours(24 * 49)), "49d00h");
}

TEST(CutTo, KeepsBothEnds) {
  EXPECT_EQ(cut_to("short", 5), "short");
  EXPECT_EQ(cut_to("[2001:db8:0:1:2:3:4:5]:50000", 21),
            "[2001:db8:..:5]:50000");
  EXPECT_EQ(cut_to("abcdefgh", 4), "a..h");
}

TEST(SessionCells, OfAQuietSession) {
  EXPECT_EQ(cells_of(quiet_session()),
            (Row{"server", "host", "alice", "pts/3", "1234567",
                 "198.51.100.77:50000", "192.0.2.1:22", "estab", "on",
                 "probe in 1h58m", "0s", "2m55s-3m05s"}));
}

TEST(SessionCells, WhatIsUnknownIsADash) {
  Session session = quiet_session();
  session.owner.reset();
  session.observed_refresh.reset();
  session.socket.info.reset();
  session.socket.timer = {};
  const Row cells = cells_of(session);
  for (const Column column : {kUser, kTty, kPid, kTimer, kSilent, kRefresh}) {
    EXPECT_EQ(cells.at(column), "-");
  }
  session.owner.emplace();
  EXPECT_EQ(cells_of(session), cells);
}

TEST(SessionCells, Phases) {
  Session session = quiet_session();
  session.phase = Phase::kPreauth;
  EXPECT_EQ(cells_of(session).at(kUser), "[preauth]");
}

TEST(SessionCells, OutdatedAndRefreshBelowTheLooks) {
  Session session = quiet_session();
  session.outdated_sysctl = true;
  session.observed_refresh = {.at_least = seconds(0),
                              .at_most = milliseconds(7020)};
  EXPECT_EQ(cells_of(session).at(kKeepalive), "outdated");
  EXPECT_EQ(cells_of(session).at(kRefresh), "<=7.0s");
}

TEST(SessionCells, NamesCannotSteerTheTerminal) {
  Session session = quiet_session();
  session.owner->user = "a\033[2J\nb\xff c";
  session.owner->tty = "\x7f";
  EXPECT_EQ(cells_of(session).at(kUser), "a?[2J?b??c");
  EXPECT_EQ(cells_of(session).at(kTty), "?");
}

TEST(SessionTable, NoLineIsWiderThanAsked) {
  std::vector<Session> all(3, quiet_session());
  all[1].owner->user = std::string(60, 'u');
  all[2].socket.peer.family = sessions::AddressFamily::kIpv6;
  all[2].socket.peer.address.fill(0xAB);
  all[2].socket.timer.unanswered = 7;
  for (std::size_t width = 1; width < 200; ++width) {
    for (const std::string& line : table_lines(all, {.width = width})) {
      EXPECT_LE(line.size(), width);
    }
  }
}

TEST(SessionTable, LessImportantColumnsGoFirst) {
  const std::vector<Session> all = {quiet_session()};
  const auto titles = [&](std::size_t width) {
    return table_lines(all, {.width = width}).at(0);
  };
  const std::string whole = table_lines(all, {}).at(0);
  const std::size_t widest = table_lines(all, {}).at(1).size();
  EXPECT_EQ(titles(200), whole);
  EXPECT_EQ(titles(widest), whole);
  EXPECT_EQ(titles(120),
            "ROLE    USER   TTY    PID      PEER                 STATE  "
            "KEEPALIVE  TIMER           SILENT<=  REFRESH");
  EXPECT_EQ(titles(80),
            "ROLE    USER   PEER                 TIMER           SILENT<=  "
            "REFRESH");
}

TEST(SessionTable, ColumnsThatSayNothingGoBeforeOthers) {
  std::vector<Session> all = {quiet_session()};
  all[0].owner.reset();
  EXPECT_EQ(table_lines(all, {.width = 100}).at(0),
            "ROLE    PEER                 LOCAL         STATE  KEEPALIVE  "
            "TIMER           SILENT<=  REFRESH");
}

TEST(SessionTable, NamespacesOnlyWhereThereIsMoreThanOne) {
  std::vector<Session> all = {quiet_session(), quiet_session()};
  EXPECT_EQ(table_lines(all, {})[0].find("NETNS"), std::string::npos);
  all[1].netns = netns::Name("docker-0123456789ab");
  const std::vector<std::string> lines = table_lines(all, {});
  EXPECT_TRUE(lines[0].starts_with("ROLE    NETNS  "));
  EXPECT_TRUE(lines[1].starts_with("server  host  "));
  EXPECT_TRUE(lines[2].starts_with("server  docker-0123456789ab  alice  "));
}

TEST(SessionTable, OutdatedOnesAreOfMoreRiskThanOthers) {
  std::vector<Session> all(3, quiet_session());
  all[1].outdated_sysctl = true;
  all[2].keepalive = Keepalive::kHidden;
  all[2].socket.timer.kind = TimerKind::kRetransmit;
  const std::vector<Session> ordered = by_risk(all);
  EXPECT_EQ(ordered[0], all[1]);
  EXPECT_EQ(ordered[1], all[2]);
  EXPECT_EQ(summary_of(all),
            "3 sessions (3 server), of which 1 outdated, 1 unclear");
  EXPECT_TRUE(
      table_lines(ordered, {.colour = true}).at(1).starts_with("\033[33m"));
}

TEST(SessionTable, Summaries) {
  EXPECT_EQ(summary_of({}), "0 sessions");
  EXPECT_EQ(summary_of({quiet_session()}), "1 session (1 server)");
}

// On a screen ----------------------------------------------------------------

Facts many_sessions(std::size_t count) {
  Facts facts;
  facts.source = Source::kNetlink;
  facts.sessions.assign(count, quiet_session());
  return facts;
}

TEST(SessionsScreen, SumBeforeTable) {
  const auto lines = sessions_screen({.width = 120}, 24, many_sessions(2));
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0], "2 sessions (2 server).");
  EXPECT_EQ(lines[1], "");
  EXPECT_TRUE(lines[2].starts_with("ROLE "));
}

TEST(SessionsScreen, WhatHasNoRoomIsCounted) {
  const auto lines = sessions_screen({.width = 120}, 10, many_sessions(50));
  ASSERT_EQ(lines.size(), 10U);
  EXPECT_EQ(lines.back(), "... and 44 more");
  EXPECT_EQ(sessions_screen({.width = 120}, 1, many_sessions(1)).size(), 1U);
}

TEST(SessionsScreen, LongSumIsBrokenBetweenWords) {
  const auto lines = sessions_screen({.width = 15}, 24, many_sessions(2));
  EXPECT_EQ(lines[0], "2 sessions (2");
  EXPECT_EQ(lines[1], "server).");
}

TEST(SessionsScreen, NoSessions) {
  EXPECT_EQ(sessions_screen({.width = 120}, 24, many_sessions(0)),
            std::vector<std::string>{
                "No SSH connections. Nothing listens on a port of SSH."});
}

}  // namespace
}  // namespace ssh_keepalive
