// Every check on small hosts: what it finds, what it leaves alone, and that its
// remedy is one: applied, the finding is gone and no new one is there.
#include "diagnosis/checks/checks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "diagnosis/report.h"
#include "tests/support.h"

namespace ssh_keepalive::diagnosis {
namespace {

using sessions::Keepalive;
using sessions::Role;
using sessions::Session;

class Host : public ::testing::Test {
 protected:
  Host() {
    for (const auto& [name, value] : {std::pair("keepalive_time", 7200),
                                      {"keepalive_intvl", 75},
                                      {"keepalive_probes", 9},
                                      {"retries2", 15}}) {
      set_kernel("ipv4/tcp_" + std::string(name), value);
    }
    directory_.write("/etc/ssh/sshd_config",
                     "Include /etc/ssh/sshd_config.d/*.conf\n" + quick());
    directory_.write("/etc/ssh/ssh_config",
                     "Include /etc/ssh/ssh_config.d/*.conf\n"
                     "ServerAliveInterval 60\n");
    policy_.path = {.idle_timeout = Seconds(300)};
    policy_.path_source = PathSource::kConfigured;
  }

  // A server that nothing is wrong with.
  static std::string quick() { return "ClientAliveInterval 60\n"; }

  void set_kernel(const std::string& name, std::int64_t value) {
    directory_.write("/proc/sys/net/" + name, std::to_string(value) + "\n");
  }
  void sshd(const std::string& text) {
    directory_.write("/etc/ssh/sshd_config", text);
  }
  void ssh(const std::string& text) {
    directory_.write("/etc/ssh/ssh_config", text);
  }
  void version(const std::string& openssh) {
    directory_.write("/var/lib/dpkg/status",
                     "Package: openssh-server\nStatus: install ok installed\n"
                     "Version: 1:" +
                         openssh + "p1-1\n");
  }

  Facts collect() {
    const CollectorInput input{*HostRoot::open(directory_.path()), {}};
    Facts facts;
    collect_sysctl(input, facts);
    collect_sshd_config(input, facts);
    collect_ssh_config(input, facts);
    collect_host(input, facts);
    if (!sessions_.empty()) {
      sessions::Facts& all = facts.sessions.emplace();
      all.source = sessions::Source::kNetlink;
      all.sessions = sessions_;
      facts.live_settings = settings_;
    }
    return facts;
  }

  Report report() {
    facts_ = collect();
    return diagnose(facts_, policy_);
  }

  static std::vector<Finding> of(const Report& report, std::string_view check) {
    std::vector<Finding> findings;
    std::ranges::copy_if(
        report.findings, std::back_inserter(findings),
        [check](const Finding& one) { return one.check == check; });
    return findings;
  }

  // Evaluated, and nothing found.
  void expect_clean(std::string_view check) {
    const Report now = report();
    EXPECT_TRUE(of(now, check).empty());
    const auto outcome =
        std::ranges::find(now.checks, check, &CheckOutcome::name);
    ASSERT_NE(outcome, now.checks.end());
    EXPECT_TRUE(outcome->evaluated) << check;
  }

  Finding the_only(std::string_view check) {
    const std::vector<Finding> findings = of(report(), check);
    EXPECT_EQ(findings.size(), 1U) << check;
    return findings.empty() ? Finding() : findings.front();
  }

  std::vector<std::string> lines_of(const std::string& file) {
    std::vector<std::string> lines;
    std::ifstream in(directory_.path() / file.substr(1));
    for (std::string line; std::getline(in, line);) {
      lines.push_back(line);
    }
    return lines;
  }

  void apply(const Remedy& remedy) {
    std::vector<std::string> lines = lines_of(remedy.at.file);
    const auto place = lines.begin() + std::max(remedy.at.line - 1, 0);
    switch (remedy.action) {
      case Action::kAdd:
        lines.insert(place, remedy.text);
        break;
      case Action::kChange:
        *place = remedy.text;
        break;
      case Action::kRemove:
        lines.erase(place);
        break;
      case Action::kReload:
      case Action::kRun:
        FAIL() << "no line";
    }
    std::string text;
    for (const std::string& line : lines) {
      text += line + "\n";
    }
    directory_.write(remedy.at.file, text);
    const std::size_t equals = remedy.text.find(" = ");
    if (remedy.command.starts_with("sysctl -p ")) {
      std::string name = remedy.text.substr(4, equals - 4);
      std::ranges::replace(name, '.', '/');
      set_kernel(name, std::stoll(remedy.text.substr(equals + 3)));
    }
  }

  // The remedy of the check's only finding works.
  Finding expect_remedied(std::string_view check) {
    const Report before = report();
    const Finding finding = the_only(check);
    if (!finding.remedy) {
      ADD_FAILURE() << "no remedy";
      return finding;
    }
    apply(*finding.remedy);
    const Report after = report();
    EXPECT_TRUE(of(after, check).empty()) << finding.remedy->text;
    for (const Finding& one : only_in(after, before)) {
      ADD_FAILURE() << "new: " << one.check << ": " << one.observed;
    }
    return finding;
  }

  Session& add_session(Role role) {
    Session session{.role = role, .keepalive = Keepalive::kOn};
    session.socket.peer.address = {198, 51, 100, 7};
    session.socket.info.emplace();
    sessions_.push_back(session);
    settings_.push_back(
        {.server = std::make_shared<live_settings::ServerSettings>()});
    return sessions_.back();
  }

  testing::TemporaryDirectory directory_;
  Policy policy_;
  Facts facts_;
  std::vector<Session> sessions_;
  std::vector<live_settings::Settings> settings_;
};

TEST_F(Host, NothingIsWrong) {
  for (const Finding& finding : report().findings) {
    EXPECT_EQ(finding.severity, Severity::kInfo) << finding.check;
  }
}

TEST_F(Host, EveryCheckHasANameOfItsOwn) {
  std::vector<std::string_view> names;
  for (const Check& check : kChecks) {
    names.push_back(check.name);
  }
  EXPECT_EQ(names.size(), 22U);
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
}

TEST_F(Host, EveryCheckIsOnItsPage) {
  std::ifstream in(std::string(SSH_KEEPALIVE_SOURCE_DIR) + "/docs/checks.md");
  std::vector<std::string> sections;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) {
      sections.push_back(line.substr(3));
    }
  }
  std::vector<std::string> names;
  for (const Check& check : kChecks) {
    names.emplace_back(check.name);
  }
  EXPECT_EQ(sections, names);
}

TEST_F(Host, NothingKnownIsNotEvaluated) {
  const Facts nothing;
  for (const CheckOutcome& check : diagnose(nothing, policy_).checks) {
    EXPECT_EQ(check.evaluated, check.name.starts_with("compliance"))
        << check.name;
  }
  EXPECT_EQ(verdict_of(diagnose(nothing, policy_)), std::nullopt);
}

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
  expect_clean("idle_kill_short");
}

TEST_F(Host, IdleKillThatComplianceDemandsIsInfo) {
  directory_.write("/etc/profile", "readonly TMOUT=900\n");
  EXPECT_EQ(the_only("idle_kill_short").severity, Severity::kWarning);
  policy_.compliance = find_row(kComplianceProfiles, "cis-debian-12");
  EXPECT_EQ(the_only("idle_kill_short").severity, Severity::kInfo);
}

// The kernel -----------------------------------------------------------------

TEST_F(Host, KeepaliveProbesZero) {
  set_kernel("ipv4/tcp_keepalive_probes", 0);
  directory_.write("/etc/sysctl.d/10-bad.conf",
                   "net.ipv4.tcp_keepalive_probes = 0\n");
  const Finding finding = expect_remedied("keepalive_probes_zero");
  EXPECT_EQ(finding.severity, Severity::kCritical);
  EXPECT_EQ(finding.remedy->at,
            (FileLine{.file = "/etc/sysctl.d/10-bad.conf", .line = 1}));
  set_kernel("ipv4/tcp_keepalive_probes", 1);
  expect_clean("keepalive_probes_zero");
}

TEST_F(Host, ConntrackTimeoutShort) {
  expect_clean("conntrack_timeout_short");
  const std::string name = "netfilter/nf_conntrack_tcp_timeout_established";
  set_kernel(name, 120);
  sshd("ClientAliveInterval 60\n");  // up to 120 s
  EXPECT_EQ(of(report(), "conntrack_timeout_short").size(), 1U);
  set_kernel(name, 121);
  expect_clean("conntrack_timeout_short");
}

TEST_F(Host, SysctlNotPersistent) {
  expect_clean("sysctl_not_persistent");
  set_kernel("ipv4/tcp_keepalive_time", 600);
  EXPECT_EQ(the_only("sysctl_not_persistent").severity, Severity::kInfo);
  EXPECT_EQ(expect_remedied("sysctl_not_persistent").remedy->at.file,
            "/etc/sysctl.d/60-ssh-keepalive.conf");
  set_kernel("ipv4/tcp_keepalive_time", 500);
  EXPECT_EQ(the_only("sysctl_not_persistent").severity, Severity::kWarning);
  EXPECT_EQ(expect_remedied("sysctl_not_persistent").remedy->text,
            "net.ipv4.tcp_keepalive_time = 500");
}

TEST_F(Host, NamespaceDiffers) {
  Session& session = add_session(Role::kServer);
  session.netns = netns::Name("web");
  Facts facts = collect();
  sysctl::Facts other = facts.sysctl->at(netns::Name());
  (*facts.sysctl)[netns::Name("web")] = other;
  EXPECT_TRUE(of(diagnose(facts, policy_), "namespace_differs").empty());
  other.keepalive_time_seconds = 600;
  (*facts.sysctl)[netns::Name("web")] = other;
  const auto findings = of(diagnose(facts, policy_), "namespace_differs");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].observed,
            "its keepalive settings are 600/75/9, tcp_retries2 15, the host's "
            "7200/75/9, tcp_retries2 15");
  facts.sessions.reset();
  EXPECT_TRUE(of(diagnose(facts, policy_), "namespace_differs").empty())
      << "nobody's sessions";
}

// Sessions -------------------------------------------------------------------

TEST_F(Host, KeepaliveOffOnSession) {
  sshd(quick() + "TCPKeepAlive no\n");
  add_session(Role::kServer).keepalive = Keepalive::kOff;
  add_session(Role::kServer);
  const Finding finding = the_only("keepalive_off_on_session");
  EXPECT_EQ(finding.subject, "1 live server session");
  EXPECT_EQ(finding.remedy->text, "TCPKeepAlive yes");
  EXPECT_EQ(finding.remedy->at.line, 2);
  sessions_.erase(sessions_.begin());
  settings_.erase(settings_.begin());
  expect_clean("keepalive_off_on_session");
}

TEST_F(Host, SessionOutdated) {
  add_session(Role::kServer).outdated_sysctl = true;
  EXPECT_EQ(the_only("session_outdated").subject, "1 live SSH session");
  sessions_[0].outdated_sysctl = false;
  expect_clean("session_outdated");
  settings_[0].outdated_sshd = true;
  EXPECT_EQ(the_only("session_outdated").subject, "1 live server session");
}

// sshd's files ---------------------------------------------------------------

TEST_F(Host, SshdConfigInvalid) {
  sshd("Port 22\nPermitRootLogn yes\n");
  const Finding finding = the_only("sshd_config_invalid");
  EXPECT_EQ(finding.severity, Severity::kWarning) << "it does not run";
  EXPECT_NE(finding.observed.find("/etc/ssh/sshd_config:2"), std::string::npos);
  EXPECT_EQ(finding.observed.find("PermitRootLogn"), std::string::npos);
  EXPECT_EQ(finding.remedy->command, "sshd -t -f /etc/ssh/sshd_config");
}

TEST_F(Host, SshdConfigStale) {
  expect_clean("sshd_config_stale");
  Facts facts = collect();
  sshd_config::Instance& instance = facts.sshd_config->instances.at(0);
  instance.running.emplace().unit = "ssh.service";
  const Report unknown = diagnose(facts, policy_);
  EXPECT_FALSE(std::ranges::find(unknown.checks, "sshd_config_stale",
                                 &CheckOutcome::name)
                   ->evaluated);
  instance.stale = false;
  EXPECT_TRUE(of(diagnose(facts, policy_), "sshd_config_stale").empty());
  instance.stale = true;
  const auto findings = of(diagnose(facts, policy_), "sshd_config_stale");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].remedy->action, Action::kReload);
  EXPECT_EQ(findings[0].remedy->command, "systemctl reload ssh.service");
}

TEST_F(Host, SettingShadowed) {
  sshd("ClientAliveInterval 60\nPort 22\nClientAliveInterval 30\n");
  const Finding finding = expect_remedied("setting_shadowed");
  EXPECT_EQ(finding.severity, Severity::kInfo);
  EXPECT_EQ(finding.remedy->at.line, 3);
}

TEST_F(Host, SettingThatOnlyLooksGlobal) {
  sshd("Match User bob\nX11Forwarding no\nClientAliveInterval 60\n");
  const std::vector<Finding> findings = of(report(), "setting_shadowed");
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].severity, Severity::kWarning);
  EXPECT_EQ(findings[0].remedy->text, "Match all");
  EXPECT_EQ(findings[0].remedy->at.line, 3);
  apply(*findings[0].remedy);
  EXPECT_TRUE(of(report(), "setting_shadowed").empty());
  EXPECT_TRUE(of(report(), "refresh_too_late").empty());
}

TEST_F(Host, SettingOnTheWrongSide) {
  sshd(quick() + "ServerAliveInterval 60\n");
  const Finding finding = expect_remedied("setting_wrong_side");
  EXPECT_EQ(finding.remedy->action, Action::kRemove);
  EXPECT_EQ(finding.remedy->at.line, 2);
}

TEST_F(Host, ChannelTimeoutInert) {
  sshd(quick() + "ChannelTimeout session=2h x11-connection=5m\n");
  EXPECT_EQ(expect_remedied("channel_timeout_inert").remedy->text,
            "ChannelTimeout session:*=2h x11-connection=5m");
  sshd(quick() + "ChannelTimeout global=2h\n");
  EXPECT_EQ(the_only("channel_timeout_inert").remedy, std::nullopt);
  version("9.8");
  expect_clean("channel_timeout_inert");
  for (const std::string pattern :
       {"session:*", "session:subsystem:backup", "*", "session:sh*"}) {
    sshd(quick() + "ChannelTimeout " + pattern + "=2h\n");
    expect_clean("channel_timeout_inert");
  }
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

// Compliance -----------------------------------------------------------------

TEST_F(Host, ComplianceUnmet) {
  expect_clean("compliance_unmet");
  policy_.compliance = find_row(kComplianceProfiles, "cis-rhel-9");
  sshd("ClientAliveInterval 301\nClientAliveCountMax 1\n");
  directory_.write("/etc/profile", "TMOUT=900\n");
  EXPECT_EQ(the_only("compliance_unmet").remedy->text,
            "ClientAliveInterval 300");
  sshd("ClientAliveInterval 300\nClientAliveCountMax 2\n");
  EXPECT_EQ(expect_remedied("compliance_unmet").remedy->text,
            "ClientAliveCountMax 1");
  directory_.write("/etc/profile", "TMOUT=901\n");
  EXPECT_EQ(expect_remedied("compliance_unmet").remedy->text,
            "readonly TMOUT=900; export TMOUT");
  directory_.write("/etc/profile", "");
  EXPECT_EQ(the_only("compliance_unmet").remedy->at.file,
            "/etc/profile.d/tmout.sh");
}

TEST_F(Host, ComplianceConflict) {
  expect_clean("compliance_conflict");
  policy_.compliance = find_row(kComplianceProfiles, "cis-debian-12");
  EXPECT_EQ(the_only("compliance_conflict").severity, Severity::kInfo);
  policy_.minimum_idle = Seconds(900);
  expect_clean("compliance_conflict");
}

// Who owns a file ------------------------------------------------------------

TEST_F(Host, ManagedFilesAreNamed) {
  sshd("# Ansible managed\nClientAliveInterval 400\n");
  EXPECT_EQ(the_only("refresh_too_late").remedy->managed_by, "ansible");
}

}  // namespace
}  // namespace ssh_keepalive::diagnosis
