#include <gtest/gtest.h>

#include <set>

#include "exporter/exposition/families.h"

namespace ssh_keepalive {
namespace {

TEST(Exposition, SortedByNameWithHelpAndType) {
  Families families;
  append_build_and_reload_metrics({}, families);
  Facts facts;
  facts.sysctl = {{netns::Name(), sysctl::Facts{.keepalive_time_seconds = -1,
                                                .keepalive_intvl_seconds = 75,
                                                .keepalive_probes = 9}}};
  append_lifetime_metrics(facts, families);
  const std::string text = to_text(families);
  EXPECT_NE(text.find("# TYPE ssh_keepalive_tcp_refresh_interval_seconds "
                      "gauge\n"
                      "ssh_keepalive_tcp_refresh_interval_seconds{netns="
                      "\"host\"} +Inf\n"),
            std::string::npos)
      << text;
  EXPECT_LT(text.find("ssh_keepalive_config_"),
            text.find("ssh_keepalive_exporter_"));
}

TEST(Exposition, EachNamespaceHasItsOwnTimes) {
  const auto settings = [](std::int64_t seconds) {
    return sysctl::Facts{.keepalive_time_seconds = seconds,
                         .keepalive_intvl_seconds = 75,
                         .keepalive_probes = 9};
  };
  Families families;
  Facts facts;
  facts.sysctl = {{netns::Name(), settings(7200)},
                  {netns::Name("web"), settings(600)},
                  {netns::Name("more", false), settings(60)}};
  append_lifetime_metrics(facts, families);
  const std::string text = to_text(families);
  const std::string name = "ssh_keepalive_tcp_refresh_interval_seconds";
  EXPECT_NE(text.find(name + R"({netns="host"} 7200)"), std::string::npos);
  EXPECT_NE(text.find(name + R"({netns="web"} 600)"), std::string::npos);
  EXPECT_EQ(text.find("more"), std::string::npos);
  EXPECT_EQ(text.find("other"), std::string::npos);
}

TEST(Exposition, NotificationsOfEachAlertmanager) {
  Families families;
  append_notification_metrics({}, families);
  EXPECT_TRUE(families.empty());
  append_notification_metrics({{.sent = 1, .failed = 2, .dropped = 3}, {}},
                              families);
  const std::string text = to_text(families);
  const std::string name = "ssh_keepalive_alertmanager_notifications_";
  for (const char* const line :
       {"sent_total{url=\"0\"} 1\n", "failed_total{url=\"0\"} 2\n",
        "dropped_total{url=\"0\"} 3\n", "sent_total{url=\"1\"} 0\n"}) {
    EXPECT_NE(text.find(name + line), std::string::npos) << text;
  }
}

TEST(Exposition, UnknownTimesAreAbsent) {
  Families families;
  Facts facts;
  facts.sysctl.emplace()[netns::Name()] = {};
  facts.ssh_config = ssh_config::Facts{.profiles = {{.name = "default"}}};
  append_lifetime_metrics(facts, families);
  EXPECT_TRUE(families.empty());
}

TEST(Exposition, TimesOfSshHaveTwoBounds) {
  Families families;
  Facts facts;
  facts.ssh_config =
      ssh_config::Facts{.profiles = {{.name = "default",
                                      .server_alive_interval_seconds = 30,
                                      .server_alive_count_max = 2}}};
  append_lifetime_metrics(facts, families);
  const std::string text = to_text(families);
  for (const char* const bound : {"earliest", "latest"}) {
    const std::string labels =
        std::string(R"({profile="default",bound=")") + bound + R"("} )";
    EXPECT_NE(text.find("ssh_refresh_interval_seconds" + labels + "30\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("ssh_dead_peer_seconds" + labels + "90\n"),
              std::string::npos)
        << text;
  }
}

TEST(Exposition, ProcessMetricsHaveTheStandardNames) {
  Families families;
  append_process_metrics(families);
  std::set<std::string> names;
  for (const auto& family : families) {
    names.insert(family.name);
  }
  EXPECT_EQ(names,
            (std::set<std::string>{
                "process_cpu_seconds_total", "process_max_fds",
                "process_open_fds", "process_resident_memory_bytes",
                "process_start_time_seconds", "process_virtual_memory_bytes"}));
}

TEST(Exposition, CollectorWithoutAnySuccessHasNoTimestamp) {
  const Collector collector{.name = "x"};
  CollectorOutcome outcome{.collector = &collector};
  Families families;
  append_scrape_metrics({outcome}, families);
  EXPECT_EQ(families.size(), 2U);
  EXPECT_EQ(families.at(0).metric.at(0).gauge.value, 0);
  outcome.last_success_at = std::chrono::system_clock::now();
  families.clear();
  append_scrape_metrics({outcome}, families);
  EXPECT_EQ(families.size(), 3U);
}

}  // namespace
}  // namespace ssh_keepalive
