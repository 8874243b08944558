#include "fin_timeout.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/metric_series.h"
#include "tests/support.h"

namespace ssh_keepalive::fin_timeout {
namespace {

constexpr std::string_view kFile = "/proc/sys/net/ipv4/tcp_fin_timeout";

TEST(FinTimeout, Parses) {
  EXPECT_EQ(parse("60\n"), 60);
  for (const char* content :
       {"", "\n", "60 s\n", "6", "99999999999999999999"}) {
    EXPECT_EQ(parse(content).has_value(), std::string(content) == "6")
        << content;
  }
}

TEST(FinTimeout, IsPublished) {
  const testing::TemporaryDirectory host;
  host.write(kFile, "60\n");
  Facts facts;
  EXPECT_TRUE(collect(*HostRoot::open(host.path().string()), facts).empty());
  std::vector<prometheus::MetricFamily> families;
  append_metrics(facts, families);
  EXPECT_EQ(testing::series(families, "sysctl_tcp_fin_timeout_seconds").at(""),
            60);
}

TEST(FinTimeout, IsAbsentWhereItCannotBeRead) {
  for (const char* content : {"garbage\n", ""}) {
    const testing::TemporaryDirectory host;
    host.write(kFile, content);
    Facts facts;
    EXPECT_EQ(collect(*HostRoot::open(host.path().string()), facts).size(), 1U);
    std::vector<prometheus::MetricFamily> families;
    append_metrics(facts, families);
    EXPECT_TRUE(families.empty());
  }
}

}  // namespace
}  // namespace ssh_keepalive::fin_timeout
