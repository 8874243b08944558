#include <gtest/gtest.h>

#include <set>

#include "exporter/exposition/families.h"

namespace ssh_keepalive {
namespace {

TEST(Exposition, SortedByNameWithHelpAndType) {
  Families families;
  append_build_and_reload_metrics({}, families);
  diagnosis::TcpLifetime lifetime;
  lifetime.refresh_interval = diagnosis::kNever;
  append_lifetime_metrics(lifetime, families);
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

TEST(Exposition, UnknownTimesAreAbsent) {
  Families families;
  append_lifetime_metrics({}, families);
  EXPECT_TRUE(families.empty());
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
