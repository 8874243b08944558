// What is wrong in the files of sshd and ssh.
#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "tests/diagnosis/checks/host.h"

namespace ssh_keepalive::diagnosis {
namespace {

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

TEST_F(Host, SettingOfSshdInTheFileOfSsh) {
  sshd(quick());
  ssh("Host *\n  ClientAliveInterval 60\n  ServerAliveInterval 60\n");
  const Finding finding = expect_remedied("setting_wrong_side");
  EXPECT_EQ(finding.severity, Severity::kWarning);
  EXPECT_EQ(finding.subject, "ssh, /etc/ssh/ssh_config:2");
  EXPECT_EQ(finding.remedy->action, Action::kRemove);
  // What ssh passes over is not in its way.
  ssh("IgnoreUnknown ClientAlive*\nClientAliveInterval 60\n");
  expect_clean("setting_wrong_side");
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

}  // namespace
}  // namespace ssh_keepalive::diagnosis
