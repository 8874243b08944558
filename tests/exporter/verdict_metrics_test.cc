#include <gtest/gtest.h>

#include "diagnosis/report.h"
#include "exporter/exposition/families.h"
#include "tests/metric_series.h"

namespace ssh_keepalive {
namespace {

using diagnosis::FateKind;
using diagnosis::Layer;
using diagnosis::Policy;
using diagnosis::Seconds;
using sessions::Keepalive;
using sessions::Role;
using testing::series;

constexpr std::chrono::system_clock::time_point kNow{std::chrono::hours(1000)};

Facts idle_sessions(const std::vector<Role>& roles) {
  Facts facts;
  facts.sysctl.emplace()[netns::Name()] = {.keepalive_time_seconds = 7200,
                                           .keepalive_intvl_seconds = 75,
                                           .keepalive_probes = 9,
                                           .retries2 = 15};
  sessions::Facts& all = facts.sessions.emplace();
  all.source = sessions::Source::kNetlink;
  for (const Role role : roles) {
    sessions::Session session{.role = role, .keepalive = Keepalive::kOn};
    session.socket.peer.address = {198, 51, 100, 7};
    session.socket.info.emplace();
    all.sessions.push_back(session);
    facts.live_settings.push_back(
        {.server = std::make_shared<live_settings::ServerSettings>(),
         .outdated_sshd = false});
  }
  return facts;
}

Families metrics_of(const Facts& facts, const Policy& policy = {}) {
  Families families;
  append_verdict_metrics(facts, diagnose(facts, policy), kNow, families);
  return families;
}

TEST(VerdictMetrics, ClosedSetsAreCompleteWithoutAnySession) {
  Facts facts;
  facts.sessions.emplace().source = sessions::Source::kNetlink;
  facts.sessions->keepalive_settings.emplace();
  const Families families = metrics_of(facts);
  EXPECT_EQ(series(families, "sessions_by_refresh").size(), 8U);
  EXPECT_EQ(series(families, "sessions_by_fate").size(), 10U);
  EXPECT_EQ(series(families, "sessions_outdated").size(), 6U);
  EXPECT_TRUE(series(families, "next_session_end_timestamp_seconds").empty());
}

TEST(VerdictMetrics, NothingKnownNothingSaid) {
  Facts facts;
  facts.sessions.emplace();
  for (const Facts& nothing : {Facts(), facts}) {
    const Families families = metrics_of(nothing);
    ASSERT_LE(families.size(), 2U);
    for (const auto& [check, evaluated] : series(families, "check_evaluated")) {
      EXPECT_EQ(series(families, "findings").contains(check), evaluated == 1);
    }
  }
}

TEST(VerdictMetrics, FatesAndTheNextEnd) {
  const Facts facts = idle_sessions({Role::kServer, Role::kServer});
  const Policy policy{.path = {.idle_timeout = Seconds(300)}};
  const Families families = metrics_of(facts, policy);
  auto fates = series(families, "sessions_by_fate");
  EXPECT_EQ(fates["role=server,netns=host,fate=lost_by_path"], 2);
  EXPECT_EQ(fates["role=server,netns=host,fate=intact"], 0);
  auto next = series(families, "next_session_end_timestamp_seconds");
  EXPECT_EQ(next.size(), 1U);
  EXPECT_EQ(next["role=server,fate=lost_by_path"], 3'600'000 + 300);
}

TEST(VerdictMetrics, WhoRefreshes) {
  Facts facts = idle_sessions({Role::kServer, Role::kServer, Role::kServer,
                               Role::kServer, Role::kServer});
  std::vector<sessions::Session>& all = facts.sessions->sessions;
  all[1].keepalive = Keepalive::kOff;
  all[2].keepalive = Keepalive::kOff;
  facts.live_settings[2].server.reset();
  auto messages = std::make_shared<live_settings::ServerSettings>();
  messages->effective.client_alive_interval_seconds.value = 60;
  facts.live_settings[3].server = messages;
  all[4].observed_refresh = {.at_least = std::chrono::seconds(29),
                             .at_most = std::chrono::seconds(31),
                             .regular = true};
  auto refresh = series(metrics_of(facts), "sessions_by_refresh");
  EXPECT_EQ(refresh["role=server,netns=host,refresh=tcp"], 1);
  EXPECT_EQ(refresh["role=server,netns=host,refresh=none"], 1);
  EXPECT_EQ(refresh["role=server,netns=host,refresh=ssh"], 1);
  EXPECT_EQ(refresh["role=server,netns=host,refresh=unknown"], 2);
}

TEST(VerdictMetrics, KernelThatSendsNoProbesRefreshesNothing) {
  Facts facts = idle_sessions({Role::kServer});
  facts.sysctl->begin()->second.keepalive_probes = 0;
  auto refresh = series(metrics_of(facts), "sessions_by_refresh");
  EXPECT_EQ(refresh["role=server,netns=host,refresh=none"], 1);
}

TEST(VerdictMetrics, OutdatedCountsOnlyWhatIsKnown) {
  Facts facts = idle_sessions({Role::kClient, Role::kClient, Role::kClient});
  facts.sessions->sessions[0].outdated_sysctl = true;
  facts.sessions->sessions[1].outdated_sysctl = false;
  facts.live_settings[0].outdated_sshd.reset();
  facts.live_settings[1].outdated_sshd = true;
  facts.live_settings[2].outdated_ssh = true;
  auto values = series(metrics_of(facts), "sessions_outdated");
  EXPECT_EQ(values.size(), 4U) << "the kernel's settings are not known";
  facts.sessions->keepalive_settings.emplace();
  values = series(metrics_of(facts), "sessions_outdated");
  EXPECT_EQ(values["role=client,netns=host,reason=sysctl"], 1);
  EXPECT_EQ(values["role=client,netns=host,reason=sshd"], 1);
  EXPECT_EQ(values["role=client,netns=host,reason=ssh"], 1);
  EXPECT_EQ(values["role=server,netns=host,reason=sysctl"], 0);
}

TEST(VerdictMetrics, ConfiguredClient) {
  Facts facts = idle_sessions({});
  facts.ssh_config.emplace().profiles = {{.name = "default",
                                          .server_alive_interval_seconds = 30,
                                          .server_alive_count_max = 3,
                                          .tcp_keepalive = true,
                                          .proxied = false},
                                         {.name = "far",
                                          .server_alive_interval_seconds = 200,
                                          .server_alive_count_max = 3,
                                          .tcp_keepalive = true,
                                          .proxied = true},
                                         {.name = "undecided"}};
  const Families families =
      metrics_of(facts, {.path = {.idle_timeout = Seconds(300)}});
  auto margin = series(families, "refresh_margin_seconds");
  EXPECT_EQ(margin.size(), 1U);
  EXPECT_EQ(margin["role=client"], 300 * 0.8 - 200);
  auto tolerance = series(families, "outage_tolerance_seconds");
  EXPECT_EQ(tolerance["role=client,bound=earliest"], 119);
  EXPECT_EQ(tolerance["role=client,bound=latest"], 120);
}

TEST(VerdictMetrics, RefreshThatNeverComesIsMinusInfinity) {
  Facts facts = idle_sessions({});
  facts.ssh_config.emplace().profiles = {{.name = "default",
                                          .server_alive_interval_seconds = 0,
                                          .server_alive_count_max = 3,
                                          .tcp_keepalive = false}};
  const Families families =
      metrics_of(facts, {.path = {.idle_timeout = Seconds(300)}});
  EXPECT_EQ(series(families, "refresh_margin_seconds")["role=client"],
            -std::numeric_limits<double>::infinity());
  EXPECT_EQ(
      series(families, "outage_tolerance_seconds")["role=client,bound=latest"],
      std::numeric_limits<double>::infinity());
}

TEST(VerdictMetrics, IdleKills) {
  Facts facts;
  facts.host.emplace().logind.known = true;
  auto kills = series(metrics_of(facts), "idle_kill_seconds");
  EXPECT_EQ(kills["mechanism=stop_idle_session"],
            std::numeric_limits<double>::infinity());
  EXPECT_FALSE(kills.contains("mechanism=channel_timeout"));
  facts.host->logind.stop_idle_session = std::chrono::minutes(30);
  facts.host->shell_timeout.bash.timeout = std::chrono::minutes(15);
  kills = series(metrics_of(facts), "idle_kill_seconds");
  EXPECT_EQ(kills["mechanism=stop_idle_session"], 1800);
  EXPECT_EQ(kills["mechanism=shell_timeout"], 900);
}

TEST(VerdictMetrics, Findings) {
  Facts facts = idle_sessions({});
  facts.ssh_config.emplace().profiles = {{.name = "default",
                                          .server_alive_interval_seconds = 0,
                                          .server_alive_count_max = 3,
                                          .tcp_keepalive = true}};
  const Families families =
      metrics_of(facts, {.path = {.idle_timeout = Seconds(300)}});
  EXPECT_EQ(series(families, "findings")["check=refresh_too_late"], 1);
  EXPECT_EQ(series(families, "check_evaluated")["check=refresh_too_late"], 1);
  EXPECT_EQ(series(families, "findings")["check=refresh_margin_thin"], 0);
}

TEST(VerdictMetrics, Policy) {
  Families families;
  append_policy_metrics({.path = {.idle_timeout = Seconds(350),
                                  .bytes_idle_timeout = Seconds(600)},
                         .path_source = diagnosis::PathSource::kConfigured},
                        families);
  EXPECT_EQ(families.size(), 5U);
  EXPECT_EQ(
      series(families, "policy_path_idle_timeout_seconds")["source=configured"],
      350);
}

}  // namespace
}  // namespace ssh_keepalive
