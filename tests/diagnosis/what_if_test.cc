#include "diagnosis/what_if.h"

#include <gtest/gtest.h>

#include "diagnosis/report.h"
#include "tests/support.h"

namespace ssh_keepalive::diagnosis {
namespace {

// A server's session on a host with Debian's files, which has a Match block.
class WhatIfOf : public ::testing::Test {
 protected:
  WhatIfOf() {
    directory_.write("/etc/ssh/sshd_config",
                     "Port 22\nMatch User bob\n  ClientAliveInterval 20\n");
    directory_.write("/etc/ssh/ssh_config", "Host *\n");
    for (const auto& [name, value] :
         {std::pair("time", "7200"), {"intvl", "75"}, {"probes", "9"}}) {
      directory_.write("/proc/sys/net/ipv4/tcp_keepalive_" + std::string(name),
                       std::string(value) + "\n");
    }
    directory_.write("/proc/sys/net/ipv4/tcp_retries2", "15\n");
    const CollectorInput input{*HostRoot::open(directory_.path()), {}};
    collect_sysctl(input, facts_);
    collect_sshd_config(input, facts_);
    collect_ssh_config(input, facts_);
    add_session("alice");
    add_session("bob");
  }

  void add_session(const std::string& user) {
    if (!facts_.sessions) {
      facts_.sessions.emplace().source = sessions::Source::kNetlink;
    }
    sessions::Session session{.role = sessions::Role::kServer,
                              .keepalive = sessions::Keepalive::kOn};
    session.socket.peer.address = {198, 51, 100, 7};
    session.socket.info.emplace();
    facts_.sessions->sessions.push_back(session);
    const auto& configuration =
        facts_.sshd_config->instances.at(0).configuration;
    auto settings = std::make_shared<live_settings::ServerSettings>();
    settings->connection = {.user = user, .address = "198.51.100.7"};
    settings->configuration = configuration;
    settings->release = configuration->document.version.release;
    settings->effective =
        evaluate(configuration->document, &settings->connection).effective;
    facts_.live_settings.push_back({.server = settings});
  }

  Report report(const Facts& facts) {
    return diagnose(facts, {.path = {.idle_timeout = Seconds(300)},
                            .path_source = PathSource::kConfigured});
  }

  std::string refusal(std::string_view line) {
    const auto result = what_if(facts_, line);
    const auto* const reason = std::get_if<std::string>(&result);
    return reason == nullptr ? "" : *reason;
  }

  Facts with(std::string_view line) {
    return std::get<WhatIf>(what_if(facts_, line)).facts;
  }

  testing::TemporaryDirectory directory_;
  Facts facts_;
};

TEST_F(WhatIfOf, LineOfSshd) {
  EXPECT_EQ(report(facts_).sessions.at(0).fate.kind, FateKind::kLostByPath);
  EXPECT_EQ(report(facts_).sessions.at(1).fate.kind, FateKind::kIntact);
  const Facts changed = with("ClientAliveInterval 90");
  const Report then = report(changed);
  EXPECT_EQ(then.sessions.at(0).fate.kind, FateKind::kIntact);
  EXPECT_EQ(then.sessions.at(0).refresh->time.earliest, Seconds(90));
  EXPECT_EQ(then.sessions.at(1).refresh->time.earliest, Seconds(20))
      << "Match wins";
  const std::vector<Finding> gone = only_in(report(facts_), then);
  ASSERT_EQ(gone.size(), 1U);
  EXPECT_EQ(gone[0].check, "refresh_too_late");
  EXPECT_TRUE(only_in(then, report(facts_)).empty());
}

TEST_F(WhatIfOf, NothingIsApplied) {
  with("ClientAliveInterval 90");
  EXPECT_EQ(report(facts_).sessions.at(0).fate.kind, FateKind::kLostByPath);
}

TEST_F(WhatIfOf, LineOfSsh) {
  const Facts changed = with("serveraliveinterval=1m30s");
  EXPECT_EQ(changed.ssh_config->profiles.at(0).server_alive_interval_seconds,
            90);
  EXPECT_EQ(report(changed).sessions.at(0).fate.kind, FateKind::kLostByPath);
}

TEST_F(WhatIfOf, LineOfSshIsBehindUsersFiles) {
  ssh_config::Profile own = facts_.ssh_config->profiles.at(0);
  own.server_alive_interval_seconds = 7;
  own.interval_source = FileLine{"/home/jane/.ssh/config", 1};
  facts_.ssh_config->users.push_back(
      {.user = "jane",
       .file = "/home/jane/.ssh/config",
       .profiles = {own, facts_.ssh_config->profiles.at(0)},
       .errors = {}});
  const Facts changed = with("ServerAliveInterval 90");
  const auto& profiles = changed.ssh_config->users.at(0).profiles;
  EXPECT_EQ(profiles.at(0).server_alive_interval_seconds, 7);
  EXPECT_EQ(profiles.at(1).server_alive_interval_seconds, 90);
}

TEST_F(WhatIfOf, LineOfSysctl) {
  const Facts changed = with("net.ipv4.tcp_keepalive_time = 100");
  EXPECT_EQ(changed.sysctl->at(netns::Name()).keepalive_time_seconds, 100);
  EXPECT_EQ(report(changed).sessions.at(0).fate.kind, FateKind::kIntact);
  EXPECT_EQ(refusal("net/ipv4/tcp_keepalive_time=100"), "");
}

TEST_F(WhatIfOf, TimersThatRunStay) {
  facts_.sessions->sessions[0].socket.timer = {
      .kind = sessions::TimerKind::kKeepalive,
      .expires = std::chrono::hours(2)};
  const Facts changed = with("net.ipv4.tcp_keepalive_time = 100");
  EXPECT_EQ(changed.sessions->sessions[0].outdated_sysctl, true);
  EXPECT_EQ(report(changed).sessions.at(0).fate.kind, FateKind::kLostByPath);
}

TEST_F(WhatIfOf, TcpKeepAliveIsOfBoth) {
  const auto result = what_if(facts_, "TCPKeepAlive no");
  EXPECT_EQ(std::get<WhatIf>(result).of, LineOf::kSshdAndSsh);
  const Facts& changed = std::get<WhatIf>(result).facts;
  EXPECT_EQ(changed.ssh_config->profiles.at(0).tcp_keepalive, false);
  EXPECT_EQ(changed.sessions->sessions[0].keepalive, sessions::Keepalive::kOff);
}

TEST_F(WhatIfOf, LinesThatSayNothing) {
  EXPECT_NE(refusal(""), "");
  EXPECT_NE(refusal("# ClientAliveInterval 60"), "");
  EXPECT_NE(refusal("ClientAliveInterval 60\nPort 23"), "");
  EXPECT_NE(refusal("PermitRootLogin no"), "");
  EXPECT_NE(refusal("net.ipv4.ip_forward = 1"), "");
  EXPECT_NE(refusal("net.ipv4.tcp_keepalive_time = soon"), "");
  EXPECT_NE(refusal("net.ipv4.tcp_keepalive_time = 99999999999999999999"), "");
  EXPECT_EQ(refusal("ClientAliveInterval soon").substr(0, 20),
            "sshd would refuse it");
  EXPECT_EQ(refusal("ServerAliveInterval soon").substr(0, 19),
            "ssh would refuse it");
  EXPECT_EQ(refusal("TCPKeepAlive perhaps").substr(0, 3), "ssh");
}

TEST_F(WhatIfOf, UnknownConfigurations) {
  facts_.sshd_config.reset();
  facts_.ssh_config.reset();
  facts_.sysctl.reset();
  EXPECT_NE(refusal("ClientAliveInterval 60"), "");
  EXPECT_NE(refusal("ServerAliveInterval 60"), "");
  EXPECT_NE(refusal("net.ipv4.tcp_retries2 = 8"), "");
}

}  // namespace
}  // namespace ssh_keepalive::diagnosis
