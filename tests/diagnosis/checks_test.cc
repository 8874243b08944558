// Every check on small hosts: what it finds, what it leaves alone, and that its
// remedy is one: applied, the finding is gone and no new one is there.
// Here: all checks together, and those of single subjects.
#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "tests/diagnosis/checks/host.h"
#include "tests/support.h"

namespace ssh_keepalive::diagnosis {
namespace {

using sessions::Keepalive;
using sessions::Role;
using sessions::Session;

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
  std::ifstream in(testing::source_directory() + "/docs/checks.md");
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

TEST_F(Host, SysctlLineThatWasNotApplied) {
  directory_.write("/etc/sysctl.d/50-ours.conf",
                   "net.ipv4.tcp_keepalive_time = 120\n"
                   "net.ipv4.tcp_keepalive_intvl = 75\n");
  const Finding finding = expect_remedied("sysctl_not_persistent");
  EXPECT_EQ(finding.remedy->command, "sysctl -p /etc/sysctl.d/50-ours.conf");
  EXPECT_EQ(lines_of("/proc/sys/net/ipv4/tcp_keepalive_time").at(0), "120");
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
  EXPECT_EQ(finding.subject, "live server sessions");
  EXPECT_EQ(finding.remedy->text, "TCPKeepAlive yes");
  EXPECT_EQ(finding.remedy->at.line, 2);
  sessions_.erase(sessions_.begin());
  settings_.erase(settings_.begin());
  expect_clean("keepalive_off_on_session");
}

TEST_F(Host, SessionOutdated) {
  add_session(Role::kServer).outdated_sysctl = true;
  EXPECT_EQ(the_only("session_outdated").subject, "live SSH sessions");
  sessions_[0].outdated_sysctl = false;
  expect_clean("session_outdated");
  settings_[0].outdated_sshd = true;
  EXPECT_EQ(the_only("session_outdated").subject, "live server sessions");
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
