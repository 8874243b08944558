#include "collectors/sysctl/sysctl.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "tests/support.h"

namespace ssh_keepalive::sysctl {
namespace {

TEST(ParseValue, Good) {
  EXPECT_EQ(parse_value("7200\n"), 7200);
  EXPECT_EQ(parse_value("-1\n"), -1);
  EXPECT_EQ(parse_value("0"), 0);
}

TEST(ParseValue, EmptyTruncatedAndGarbage) {
  for (const char* text : {"", "\n", "-\n", "7200 75\n", "7200\n\n", "0x1c20\n",
                           "\x80\xff", "7200s\n", " 7200\n"}) {
    EXPECT_FALSE(parse_value(text)) << '"' << text << '"';
  }
}

TEST(ParseValue, Overflowing) {
  EXPECT_EQ(parse_value("9223372036854775807\n"),
            std::numeric_limits<std::int64_t>::max());
  EXPECT_FALSE(parse_value("9223372036854775808\n"));
  EXPECT_FALSE(parse_value("-9223372036854775809\n"));
}

class Collect : public ::testing::Test {
 protected:
  void SetUp() override {
    write("ipv4/tcp_keepalive_time", "7200\n");
    write("ipv4/tcp_keepalive_intvl", "75\n");
    write("ipv4/tcp_keepalive_probes", "9\n");
    write("ipv4/tcp_retries2", "15\n");
  }

  void write(const std::string& name, std::string_view content) const {
    directory_.write("proc/sys/net/" + name, content);
  }

  std::vector<Error> collect_facts() {
    return collect(*HostRoot::open(directory_.path().string()), facts_);
  }

  testing::TemporaryDirectory directory_;
  Facts facts_;
};

TEST_F(Collect, SettingsOfNewerKernelsMayBeMissing) {
  EXPECT_TRUE(collect_facts().empty());
  EXPECT_EQ(facts_, (Facts{.keepalive_time_seconds = 7200,
                           .keepalive_intvl_seconds = 75,
                           .keepalive_probes = 9,
                           .retries2 = 15,
                           .rto_min_microseconds = std::nullopt,
                           .rto_max_milliseconds = std::nullopt,
                           .conntrack_established_seconds = std::nullopt}));
}

TEST_F(Collect, AllSettings) {
  write("ipv4/tcp_rto_min_us", "200000\n");
  write("ipv4/tcp_rto_max_ms", "120000\n");
  write("netfilter/nf_conntrack_tcp_timeout_established", "432000\n");
  EXPECT_TRUE(collect_facts().empty());
  EXPECT_EQ(facts_.rto_min_microseconds, 200'000);
  EXPECT_EQ(facts_.rto_max_milliseconds, 120'000);
  EXPECT_EQ(facts_.conntrack_established_seconds, 432'000);
}

TEST_F(Collect, OneBadFileLeavesTheOthers) {
  write("ipv4/tcp_keepalive_intvl", "garbage");
  const std::vector<Error> errors = collect_facts();
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].message(),
            "parse /proc/sys/net/ipv4/tcp_keepalive_intvl: not one whole "
            "number");
  EXPECT_EQ(facts_.keepalive_time_seconds, 7200);
  EXPECT_FALSE(facts_.keepalive_intvl_seconds);
}

TEST_F(Collect, HostWithoutSysctlsIsAnErrorForEachThatEveryKernelHas) {
  const testing::TemporaryDirectory empty;
  EXPECT_EQ(collect(*HostRoot::open(empty.path().string()), facts_).size(), 4U);
  EXPECT_EQ(facts_, Facts{});
}

TEST(Metrics, UnitsAreSeconds) {
  Facts facts;
  facts.keepalive_time_seconds = 7200;
  facts.rto_min_microseconds = 200'000;
  facts.rto_max_milliseconds = 120'000;
  std::vector<prometheus::MetricFamily> families;
  append_metrics({{netns::Name(), facts}}, families);
  ASSERT_EQ(families.size(), 3U);
  EXPECT_EQ(families[0].name,
            "ssh_keepalive_sysctl_tcp_keepalive_time_seconds");
  EXPECT_EQ(families[0].metric.at(0).gauge.value, 7200);
  EXPECT_EQ(families[1].metric.at(0).gauge.value, 0.2);
  EXPECT_EQ(families[2].metric.at(0).gauge.value, 120);
  EXPECT_EQ(families[0].metric.at(0).label.at(0).value, "host");
}

TEST(CollectLive, ThisHost) {
  Facts facts;
  EXPECT_TRUE(collect(HostRoot::live(), facts).empty());
  EXPECT_TRUE(facts.keepalive_time_seconds);
}

}  // namespace
}  // namespace ssh_keepalive::sysctl
