#include "exporter/cli/session_table.h"

#include <gtest/gtest.h>

#include "exporter/cli/sessions.h"
#include "exporter/report/session_cells.h"
#include "exporter/report/session_risk.h"

namespace ssh_keepalive {
namespace {

using diagnosis::exactly;
using diagnosis::FateKind;
using diagnosis::JudgedSession;
using diagnosis::Layer;
using diagnosis::Seconds;
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

JudgedSession quiet_session() {
  JudgedSession judged;
  Session& session = judged.session;
  session.socket.local = {.address = {192, 0, 2, 1}, .port = 22};
  session.socket.peer = {.address = {198, 51, 100, 77}, .port = 50'000};
  session.socket.timer = {.kind = TimerKind::kKeepalive,
                          .expires = minutes(118)};
  session.socket.info.emplace();
  session.role = Role::kServer;
  session.keepalive = Keepalive::kOn;
  session.owner = sessions::Owner{
      .pid = 1'234'567, .process = "sshd", .user = "alice", .tty = "pts/3"};
  judged.verdict = {
      .refresh = diagnosis::TimeOfLayer{.time = {Seconds(175), Seconds(185)},
                                        .layer = Layer::kObserved},
      .dead_peer = diagnosis::TimeOfLayer{.time = exactly(Seconds(720)),
                                          .layer = Layer::kClientAlive},
      .fate = {.kind = FateKind::kIntact, .time = diagnosis::kNeverRange}};
  return judged;
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
                 "probe in 1h58m", "0s", "2m55s-3m05s", "12m00s", "intact"}));
}

TEST(SessionCells, WhatIsUnknownIsADash) {
  JudgedSession judged = quiet_session();
  judged.session.owner.reset();
  judged.session.socket.info.reset();
  judged.session.socket.timer = {};
  judged.verdict = {};
  const Row cells = cells_of(judged);
  for (const Column column :
       {kUser, kTty, kPid, kTimer, kSilent, kRefresh, kDeadPeer, kFate}) {
    EXPECT_EQ(cells.at(column), "-");
  }
  judged.session.owner.emplace();
  EXPECT_EQ(cells_of(judged), cells);
}

TEST(SessionCells, Phases) {
  JudgedSession judged = quiet_session();
  judged.session.phase = Phase::kPreauth;
  EXPECT_EQ(cells_of(judged).at(kUser), "[preauth]");
}

TEST(SessionCells, Outdated) {
  JudgedSession judged = quiet_session();
  judged.session.outdated_sysctl = true;
  EXPECT_EQ(cells_of(judged).at(kKeepalive), "outdated");
}

TEST(SessionCells, Times) {
  EXPECT_EQ(short_range(exactly(Seconds(120))), "2m00s");
  EXPECT_EQ(short_range({Seconds(120.1), Seconds(120.9)}), "2m00s");
  EXPECT_EQ(short_range({Seconds(120), Seconds(240)}), "2m00s-4m00s");
  EXPECT_EQ(short_range({Seconds(0), Seconds(7200)}), "<=2h00m");
  EXPECT_EQ(short_range({Seconds(60), diagnosis::kNever}), ">=1m00s");
  EXPECT_EQ(short_range(diagnosis::kNeverRange), "never");
  EXPECT_EQ(short_range(exactly(Seconds(1e300))), "11574074d01h");
}

TEST(SessionCells, Fates) {
  JudgedSession judged = quiet_session();
  diagnosis::Fate& fate = judged.verdict.fate;
  const auto text = [&] { return cells_of(judged).at(kFate); };
  fate = {.kind = FateKind::kLostByPath,
          .time = {{Seconds(290), Seconds(300)}},
          .by = Layer::kPath};
  EXPECT_EQ(text(), "lost in 4m50s-5m00s");
  fate = {.kind = FateKind::kIdleKill,
          .time = {{Seconds(0), Seconds(300)}},
          .by = Layer::kChannelTimeout};
  EXPECT_EQ(text(), "ends in <=5m00s (channel_timeout)");
  fate = {.kind = FateKind::kDying,
          .time = exactly(Seconds(5.5)),
          .by = Layer::kTcpKeepalive};
  EXPECT_EQ(text(), "dies in 5.5s (tcp_keepalive)");
  fate = {.kind = FateKind::kDying};
  EXPECT_EQ(text(), "dies");
}

TEST(SessionCells, NamesCannotSteerTheTerminal) {
  JudgedSession judged = quiet_session();
  judged.session.owner->user = "a\033[2J\nb\xff c";
  judged.session.owner->tty = "\x7f";
  EXPECT_EQ(cells_of(judged).at(kUser), "a?[2J?b??c");
  EXPECT_EQ(cells_of(judged).at(kTty), "?");
}

TEST(SessionTable, NoLineIsWiderThanAsked) {
  std::vector<JudgedSession> all(3, quiet_session());
  all[1].session.owner->user = std::string(60, 'u');
  all[2].session.socket.peer.family = sessions::AddressFamily::kIpv6;
  all[2].session.socket.peer.address.fill(0xAB);
  all[2].session.socket.timer.unanswered = 7;
  for (std::size_t width = 1; width < 200; ++width) {
    for (const std::string& line : table_lines(all, {.width = width})) {
      EXPECT_LE(line.size(), width);
    }
  }
}

TEST(SessionTable, LessImportantColumnsGoFirst) {
  const std::vector<JudgedSession> all = {quiet_session()};
  const auto titles = [&](std::size_t width) {
    return table_lines(all, {.width = width}).at(0);
  };
  const std::string whole = table_lines(all, {}).at(0);
  const std::size_t widest = table_lines(all, {}).at(1).size();
  EXPECT_EQ(titles(200), whole);
  EXPECT_EQ(titles(widest), whole);
  EXPECT_EQ(titles(120),
            "ROLE    USER   TTY    PID      PEER                 KEEPALIVE  "
            "TIMER           SILENT<=  REFRESH      DEAD PEER  FATE");
  EXPECT_EQ(titles(80),
            "ROLE    USER   PID      PEER                 TIMER           "
            "REFRESH      FATE");
}

TEST(SessionTable, ColumnsThatSayNothingGoBeforeOthers) {
  std::vector<JudgedSession> all = {quiet_session()};
  all[0].session.owner.reset();
  EXPECT_EQ(table_lines(all, {.width = 100}).at(0),
            "ROLE    PEER                 KEEPALIVE  TIMER           SILENT<=  "
            "REFRESH      DEAD PEER  FATE");
}

TEST(SessionTable, NamespacesOnlyWhereThereIsMoreThanOne) {
  std::vector<JudgedSession> all = {quiet_session(), quiet_session()};
  EXPECT_EQ(table_lines(all, {})[0].find("NETNS"), std::string::npos);
  all[1].session.netns = netns::Name("docker-0123456789ab");
  const std::vector<std::string> lines = table_lines(all, {});
  EXPECT_TRUE(lines[0].starts_with("ROLE    NETNS  "));
  EXPECT_TRUE(lines[1].starts_with("server  host  "));
  EXPECT_TRUE(lines[2].starts_with("server  docker-0123456789ab  alice  "));
}

TEST(SessionTable, ThoseInDangerComeFirst) {
  std::vector<JudgedSession> all(7, quiet_session());
  all[1].verdict.fate.kind = FateKind::kUnknown;
  all[2].verdict.fate.kind = FateKind::kIdleKill;
  all[3].outdated_sshd = true;
  all[4].verdict.refresh->time = diagnosis::kNeverRange;
  all[5].verdict.fate.kind = FateKind::kLostByPath;
  all[6].verdict.fate.kind = FateKind::kDying;
  const std::vector<JudgedSession> ordered = by_risk(all);
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    EXPECT_EQ(risk_of(ordered[i]), risk_of(all[6 - i])) << i;
  }
  EXPECT_EQ(summary_of(all),
            "7 sessions (7 server), of which 1 unanswered, 1 lost by the path, "
            "1 without keepalive, 1 outdated, 1 ended when idle, 1 of unknown "
            "fate");
}

TEST(SessionTable, ForwardedOnesAreRefreshedByTheirClients) {
  JudgedSession judged = quiet_session();
  judged.verdict = {};
  judged.session.keepalive = Keepalive::kOff;
  EXPECT_EQ(risk_of(judged), Risk::kUnrefreshed);
  judged.session.role = Role::kForwarded;
  EXPECT_EQ(risk_of(judged), Risk::kUnclear);
}

TEST(SessionTable, GuessesAreNotColoured) {
  std::vector<JudgedSession> all(1, quiet_session());
  all[0].verdict.fate.kind = FateKind::kLostByPath;
  EXPECT_TRUE(table_lines(all, {.colour = true}).at(1).starts_with("\033[33m"));
  EXPECT_TRUE(table_lines(all, {.colour = true, .path_is_assumed = true})
                  .at(1)
                  .starts_with("server"));
}

TEST(SessionTable, Summaries) {
  EXPECT_EQ(summary_of({}), "0 sessions");
  EXPECT_EQ(summary_of({quiet_session()}), "1 session (1 server)");
}

// On a screen ----------------------------------------------------------------

Facts many_sessions(std::size_t count) {
  Facts facts;
  facts.sessions.emplace().source = Source::kNetlink;
  facts.sessions->sessions.assign(count, quiet_session().session);
  return facts;
}

std::vector<std::string> screen_of(std::size_t width, std::size_t height,
                                   const Facts& facts) {
  return sessions_screen({.width = width}, height, facts,
                         diagnosis::diagnose(facts, {}));
}

TEST(SessionsScreen, SumBeforeTable) {
  const auto lines = screen_of(120, 24, many_sessions(2));
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0], "2 sessions (2 server), of which 2 of unknown fate.");
  EXPECT_EQ(lines[1], "");
  EXPECT_TRUE(lines[2].starts_with("ROLE "));
}

TEST(SessionsScreen, WhatHasNoRoomIsCounted) {
  const auto lines = screen_of(120, 10, many_sessions(50));
  ASSERT_EQ(lines.size(), 10U);
  EXPECT_EQ(lines.back(), "... and 44 more");
  EXPECT_EQ(screen_of(120, 1, many_sessions(1)).size(), 1U);
}

TEST(SessionsScreen, LongSumIsBrokenBetweenWords) {
  const auto lines = screen_of(15, 24, many_sessions(2));
  EXPECT_EQ(lines[0], "2 sessions (2");
  EXPECT_EQ(lines[1], "server), of");
}

TEST(SessionsScreen, NoSessions) {
  EXPECT_EQ(screen_of(120, 24, many_sessions(0)),
            std::vector<std::string>{
                "No SSH connections. Nothing listens on a port of SSH."});
}

}  // namespace
}  // namespace ssh_keepalive
