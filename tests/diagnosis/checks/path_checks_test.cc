// Refresh and times, of the settings and of the messages.
#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "tests/diagnosis/checks/host.h"

namespace ssh_keepalive::diagnosis {
namespace {

using sessions::Role;

// The path -------------------------------------------------------------------

TEST_F(Host, RefreshTooLateAtTheServer) {
  sshd("Include /etc/ssh/sshd_config.d/*.conf\n");
  const Finding finding = expect_remedied("refresh_too_late");
  EXPECT_EQ(finding.severity, Severity::kWarning);
  EXPECT_EQ(finding.remedy->at.file,
            "/etc/ssh/sshd_config.d/00-keepalive.conf");
  EXPECT_EQ(finding.remedy->text, "ClientAliveInterval 60");
}

TEST_F(Host, RefreshTooLateWhereMatchStandsInTheWay) {
  sshd("Match User bob\n  ClientAliveInterval 20\n");
  const Finding finding = expect_remedied("refresh_too_late");
  EXPECT_EQ(finding.remedy->at,
            (FileLine{.file = "/etc/ssh/sshd_config", .line = 0}));
}

TEST_F(Host, RefreshTooLateByALine) {
  sshd("Port 22\nClientAliveInterval 400\n");
  const Finding finding = expect_remedied("refresh_too_late");
  EXPECT_EQ(finding.remedy->action, Action::kChange);
  EXPECT_EQ(finding.remedy->at,
            (FileLine{.file = "/etc/ssh/sshd_config", .line = 2}));
}

TEST_F(Host, RefreshTooLateAtTheClient) {
  ssh("Include /etc/ssh/ssh_config.d/*.conf\nHost *\n  HashKnownHosts yes\n");
  const Finding finding = expect_remedied("refresh_too_late");
  EXPECT_EQ(finding.subject, "ssh to any host");
  EXPECT_EQ(finding.remedy->at.file, "/etc/ssh/ssh_config.d/00-keepalive.conf");
}

TEST_F(Host, RefreshTooLateOfAUser) {
  ssh_of_jane("Host *\n  ServerAliveInterval 0\n");
  const Finding finding = expect_remedied("refresh_too_late");
  EXPECT_EQ(finding.subject, "ssh to any host with /home/jane/.ssh/config");
  EXPECT_EQ(finding.remedy->at,
            (FileLine{.file = "/home/jane/.ssh/config", .line = 2}));
}

TEST_F(Host, UsersWhoChangeNothingAreNotTold) {
  ssh("");
  ssh_of_jane("Host *.example.org\n  ServerAliveInterval 20\n");
  EXPECT_EQ(the_only("refresh_too_late").subject, "ssh to any host");
  collector_settings_.ssh_hosts = {"db.example.org"};
  std::vector<std::string> subjects;
  for (const Finding& finding : of(report(), "refresh_too_late")) {
    subjects.push_back(finding.subject);
  }
  EXPECT_EQ(subjects, (std::vector<std::string>{"ssh to any host",
                                                "ssh to db.example.org"}));
}

TEST_F(Host, GuessOfThePathIsInfo) {
  policy_.path_source = PathSource::kAssumed;
  sshd("");
  EXPECT_EQ(the_only("refresh_too_late").severity, Severity::kInfo);
}

TEST_F(Host, LostSessionsAreCritical) {
  sshd("");
  add_session(Role::kServer);
  EXPECT_EQ(the_only("refresh_too_late").severity, Severity::kCritical);
}

// What is observed of the path, against a timeout of 300 s.
TEST_F(Host, PathForgetsSoonerThanSaid) {
  sshd(quick());
  policy_.observed.shortest_lost = Seconds(240);
  const Finding finding = the_only("refresh_margin_thin");
  EXPECT_EQ(finding.severity, Severity::kInfo);
  EXPECT_EQ(finding.subject, "path");
  EXPECT_EQ(finding.observed,
            "a session was lost after a silence of 240 s, and the path is said "
            "to forget after 300 s (configured)");
  policy_.observed.longest_survived = Seconds(60);
  EXPECT_EQ(the_only("refresh_margin_thin"), finding);
}

TEST_F(Host, PeersLeaveForReasonsOfTheirOwn) {
  sshd(quick());
  policy_.observed = {.longest_survived = Seconds(200),
                      .shortest_lost = Seconds(240)};
  expect_clean("refresh_margin_thin");
  policy_.observed = {.longest_survived = Seconds(60),
                      .shortest_lost = Seconds(300)};
  expect_clean("refresh_margin_thin");
  policy_.observed = {.longest_survived = Seconds(300), .shortest_lost = {}};
  expect_clean("refresh_margin_thin");
}

TEST_F(Host, PathRemembersLongerThanSaid) {
  sshd(quick());
  policy_.observed = {.longest_survived = Seconds(301),
                      .shortest_lost = Seconds(20)};
  EXPECT_EQ(the_only("refresh_margin_thin").observed,
            "a session has survived a silence of 301 s, and the path is said "
            "to forget after 300 s (configured)");
  policy_.path.idle_timeout = kNever;
  expect_clean("refresh_margin_thin");
}

TEST_F(Host, RefreshAtTheBoundary) {
  version("9.6");
  sshd("ClientAliveInterval 300\n");
  the_only("refresh_too_late");
  sshd("ClientAliveInterval 299\n");
  expect_clean("refresh_too_late");
  expect_remedied("refresh_margin_thin");
  sshd("ClientAliveInterval 240\n");
  expect_clean("refresh_margin_thin");
}

TEST_F(Host, ShortPathsNeedShorterIntervals) {
  policy_.path.idle_timeout = Seconds(60);
  sshd("");
  ssh("ServerAliveInterval 20\n");
  EXPECT_EQ(expect_remedied("refresh_too_late").remedy->text,
            "ClientAliveInterval 24");
}

TEST_F(Host, ProxyDoesNotPassProbesOn) {
  set_kernel("ipv4/tcp_keepalive_time", 120);
  policy_.path = {.bytes_idle_timeout = Seconds(600)};
  sshd("");
  EXPECT_EQ(expect_remedied("tcp_keepalive_through_proxy").remedy->text,
            "ClientAliveInterval 60");
}

// Times ----------------------------------------------------------------------

TEST_F(Host, OutageToleranceShort) {
  version("9.6");
  sshd("ClientAliveInterval 10\nClientAliveCountMax 2\n");
  const Finding finding = expect_remedied("outage_tolerance_short");
  EXPECT_EQ(finding.remedy->text, "ClientAliveCountMax 6");
  sshd("ClientAliveInterval 10\nClientAliveCountMax 5\n");
  expect_clean("outage_tolerance_short");
}

TEST_F(Host, DeadPeerTimeLong) {
  sshd("TCPKeepAlive no\n");
  const Finding finding = expect_remedied("dead_peer_time_long");
  EXPECT_EQ(finding.observed, "a session whose peer is gone never ends");
  policy_.maximum_dead_peer_time = Seconds(7000);
  sshd("");
  the_only("dead_peer_time_long");
}

TEST_F(Host, IdleKillsShort) {
  sshd(quick() + "ChannelTimeout session:*=5m agent-connection=1m\n");
  EXPECT_EQ(expect_remedied("idle_kill_short").remedy->text,
            "ChannelTimeout session:*=3600 agent-connection=3600");
  directory_.write("/etc/systemd/logind.conf",
                   "[Login]\nStopIdleSessionSec=30min\n");
  EXPECT_EQ(expect_remedied("idle_kill_short").remedy->text,
            "StopIdleSessionSec=3600");
  directory_.write("/etc/profile", "TMOUT=600\n");
  EXPECT_EQ(expect_remedied("idle_kill_short").remedy->text, "TMOUT=3600");
  directory_.write("/etc/zsh/zshrc", "TMOUT=700\n");
  EXPECT_EQ(expect_remedied("idle_kill_short").remedy->text, "TMOUT=3600");
  directory_.write("/etc/csh.cshrc", "set autologout=10\n");
  EXPECT_EQ(expect_remedied("idle_kill_short").remedy->text,
            "set autologout=60");
  // One line for several shells is one finding.
  directory_.write("/etc/environment", "TMOUT=900\n");
  for (const std::string file : {"/etc/profile", "/etc/zsh/zshrc"}) {
    directory_.write(file, "");
  }
  EXPECT_EQ(the_only("idle_kill_short").severity, Severity::kInfo);
  directory_.write("/etc/environment", "");
  expect_clean("idle_kill_short");
}

TEST_F(Host, IdleKillThatComplianceDemandsIsInfo) {
  directory_.write("/etc/profile", "readonly TMOUT=900\n");
  EXPECT_EQ(the_only("idle_kill_short").severity, Severity::kWarning);
  policy_.compliance = find_row(kComplianceProfiles, "cis-debian-12");
  EXPECT_EQ(the_only("idle_kill_short").severity, Severity::kInfo);
}

// The messages ---------------------------------------------------------------

TEST_F(Host, ClientAliveDoubled) {
  sshd("ClientAliveInterval 120\n");
  expect_clean("client_alive_doubled");
  sshd("ClientAliveInterval 121\n");
  EXPECT_EQ(the_only("client_alive_doubled").severity, Severity::kInfo);
  sshd("ClientAliveInterval 180\n");
  EXPECT_EQ(the_only("client_alive_doubled").severity, Severity::kWarning);
  EXPECT_EQ(expect_remedied("client_alive_doubled").remedy->text,
            "ClientAliveInterval 90");
  sshd("ClientAliveInterval 241\n");
  expect_clean("client_alive_doubled");
  version("9.5");
  sshd("ClientAliveInterval 180\n");
  expect_clean("client_alive_doubled");
}

TEST_F(Host, ClientAliveStarved) {
  expect_clean("client_alive_starved");
  policy_.maximum_dead_peer_time = Seconds(600);
  set_kernel("ipv4/tcp_retries2", 15);
  EXPECT_EQ(the_only("client_alive_starved").severity, Severity::kInfo);
  version("9.1");
  expect_clean("client_alive_starved");
}

TEST_F(Host, CountMaxZero) {
  sshd(quick() + "ClientAliveCountMax 0\n");
  EXPECT_EQ(expect_remedied("count_max_zero").remedy->text,
            "ClientAliveCountMax 3");
  ssh("ServerAliveInterval 60\nServerAliveCountMax 0\n");
  EXPECT_EQ(expect_remedied("count_max_zero").remedy->text,
            "ServerAliveCountMax 3");
  sshd("ClientAliveCountMax 0\n");
  expect_clean("count_max_zero");
}

}  // namespace
}  // namespace ssh_keepalive::diagnosis
