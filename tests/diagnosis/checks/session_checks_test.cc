// The checks of live sessions where little is known of them.
#include <gtest/gtest.h>

#include <memory>

#include "diagnosis/checks/checks.h"
#include "diagnosis/report.h"

namespace ssh_keepalive::diagnosis {
namespace {

using sessions::Keepalive;
using sessions::Phase;
using sessions::Role;
using sessions::Session;

class SessionChecks : public ::testing::Test {
 protected:
  SessionChecks() {
    facts_.sysctl.emplace()[netns::Name()] = {.keepalive_time_seconds = 7200,
                                              .keepalive_intvl_seconds = 75,
                                              .keepalive_probes = 9,
                                              .retries2 = 15};
    facts_.sessions.emplace().source = sessions::Source::kNetlink;
  }

  // Without SO_KEEPALIVE, of an sshd that sends no messages.
  Session& add(Role role) {
    Session session{.role = role, .keepalive = Keepalive::kOff};
    session.socket.info.emplace();
    facts_.sessions->sessions.push_back(session);
    facts_.live_settings.push_back(
        {.server = std::make_shared<live_settings::ServerSettings>()});
    return facts_.sessions->sessions.back();
  }

  Findings run(Findings (*check)(const CheckInput& input)) {
    const Report report = diagnose(facts_, policy_);
    return check({.facts = facts_,
                  .policy = policy_,
                  .configured = report.configured,
                  .sessions = report.sessions});
  }
  // How many findings; nothing: not evaluated.
  std::optional<std::size_t> count(Findings (*check)(const CheckInput& input)) {
    const Findings findings = run(check);
    return findings ? std::optional(findings->size()) : std::nullopt;
  }

  Facts facts_;
  Policy policy_;
};

TEST_F(SessionChecks, NoSessionsNothingWrong) {
  EXPECT_EQ(count(keepalive_off_on_session), 0U);
  EXPECT_EQ(count(session_outdated), 0U);
  facts_.sessions->source = sessions::Source::kNone;
  EXPECT_EQ(count(keepalive_off_on_session), std::nullopt);
  EXPECT_EQ(count(session_outdated), std::nullopt);
}

TEST_F(SessionChecks, KeepaliveOffIsGraveWhereThePathIsKnown) {
  add(Role::kServer);
  EXPECT_EQ(run(keepalive_off_on_session)->at(0).severity, Severity::kInfo);
  policy_.path_source = PathSource::kDetected;
  EXPECT_EQ(run(keepalive_off_on_session)->at(0).severity, Severity::kWarning);
}

TEST_F(SessionChecks, KeepaliveOffOfWhomItConcerns) {
  add(Role::kForwarded);
  add(Role::kServer).phase = Phase::kPreauth;
  EXPECT_EQ(count(keepalive_off_on_session), 0U);
  add(Role::kServer);
  auto messages = std::make_shared<live_settings::ServerSettings>();
  messages->effective.client_alive_interval_seconds.value = 60;
  facts_.live_settings.back().server = messages;
  EXPECT_EQ(count(keepalive_off_on_session), 0U) << "ClientAlive refreshes it";
}

TEST_F(SessionChecks, RemedyIsForTheSshdOfThatNamespace) {
  auto configuration = std::make_shared<sshd_config::Configuration>();
  configuration->globals.effective.tcp_keepalive = {
      false, sshd_config::Source{.file = "/etc/ssh/sshd_config", .line = 4}};
  sshd_config::Instance instance;
  instance.netns = netns::Name("web");
  instance.configuration = configuration;
  facts_.sshd_config.emplace().instances = {instance};
  add(Role::kServer);
  EXPECT_EQ(run(keepalive_off_on_session)->at(0).remedy, std::nullopt)
      << "web's sshd is not theirs";
  facts_.sessions->sessions.back().netns = netns::Name("web");
  facts_.sysctl->emplace(netns::Name("web"), facts_.sysctl->at(netns::Name()));
  const auto findings = run(keepalive_off_on_session);
  ASSERT_TRUE(findings && findings->size() == 1 && findings->front().remedy);
  EXPECT_EQ(findings->front().remedy->text, "TCPKeepAlive yes");
  EXPECT_EQ(findings->front().remedy->at,
            (FileLine{"/etc/ssh/sshd_config", 4}));
}

TEST_F(SessionChecks, WhatSshdSendsIsUnknown) {
  add(Role::kServer);
  facts_.live_settings.back().server.reset();
  EXPECT_EQ(count(keepalive_off_on_session), std::nullopt);
  add(Role::kServer).keepalive = Keepalive::kOn;
  EXPECT_EQ(count(keepalive_off_on_session), 0U);
}

TEST_F(SessionChecks, OnWhichSettingsTheyLiveIsUnknown) {
  add(Role::kServer);
  EXPECT_EQ(count(session_outdated), std::nullopt);
  facts_.live_settings.back().outdated_sshd = false;
  EXPECT_EQ(count(session_outdated), 0U);
  facts_.live_settings.back().outdated_sshd = true;
  facts_.sessions->sessions.back().outdated_sysctl = true;
  facts_.live_settings.back().outdated_ssh = true;
  EXPECT_EQ(count(session_outdated), 3U) << "one for each reason";
}

}  // namespace
}  // namespace ssh_keepalive::diagnosis
