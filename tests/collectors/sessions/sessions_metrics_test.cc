#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>

#include "collectors/sessions/sessions.h"
#include "tests/metric_series.h"
#include "tests/support.h"

namespace ssh_keepalive::sessions {
namespace {

using testing::series;

Facts facts_of(std::string_view scenario) {
  const HostRoot root = *HostRoot::open(testing::fixture_host(scenario));
  constexpr std::array<std::uint16_t, 2> kPorts = {22, 2222};
  Facts facts;
  EXPECT_TRUE(
      collect(root, kPorts, exchange_for(root), nullptr, {}, facts).empty());
  return facts;
}

std::vector<prometheus::MetricFamily> metrics_of(const Facts& facts) {
  std::vector<prometheus::MetricFamily> families;
  append_metrics(facts, families);
  return families;
}

TEST(SessionMetrics, ClosedSetsAreCompleteWithoutAnySession) {
  Facts facts;
  facts.source = Source::kNetlink;
  const auto families = metrics_of(facts);
  const std::map<std::string_view, std::size_t> expected = {
      {"sessions", 6},
      {"sessions_silent", 14},
      {"sessions_probing", 2},
      {"sessions_retransmitting", 2}};
  EXPECT_EQ(families.size(), expected.size());
  for (const auto& [name, count] : expected) {
    const auto values = series(families, name);
    EXPECT_EQ(values.size(), count) << name;
    for (const auto& [labels, value] : values) {
      EXPECT_EQ(value, 0) << name << labels;
    }
  }
}

TEST(SessionMetrics, BusyHost) {
  const auto families = metrics_of(facts_of("busy"));
  EXPECT_EQ(
      series(families, "sessions")["role=server,netns=host,phase=unknown"], 6);
  EXPECT_EQ(series(families, "sessions_probing")["role=server,netns=host"], 1);
  EXPECT_EQ(
      series(families, "sessions_retransmitting")["role=client,netns=host"], 1);
}

TEST(SessionMetrics, SilenceIsCumulative) {
  auto silent = series(metrics_of(facts_of("plain")), "sessions_silent");
  EXPECT_EQ(silent["role=server,netns=host,longer_than_seconds=60"], 2);
  EXPECT_EQ(silent["role=client,netns=host,longer_than_seconds=60"], 1);
  EXPECT_EQ(silent["role=server,netns=host,longer_than_seconds=240"], 0);
}

TEST(SessionMetrics, UnknownRoleAppearsWithItsFirstSession) {
  Facts facts;
  facts.source = Source::kNetlink;
  facts.sessions.emplace_back();
  EXPECT_EQ(series(metrics_of(facts), "sessions").size(), 9U);
}

Facts facts_in_namespaces() {
  Facts facts;
  facts.source = Source::kNetlink;
  for (const auto& netns :
       {netns::Name("web"), netns::Name("web"), netns::Name("a", false),
        netns::Name("b", false), netns::Name("c", false)}) {
    facts.sessions.push_back(
        {.netns = netns, .role = Role::kServer, .keepalive = Keepalive::kOn});
  }
  facts.other_namespaces = {netns::Name("a", false), netns::Name("b", false),
                            netns::Name("c", false), netns::Name("db"),
                            netns::Name("web")};
  facts.sessions.back().role = Role::kUnknown;
  return facts;
}

TEST(SessionMetrics, NamespacesWithoutSessionsHaveSeries) {
  auto probing = series(metrics_of(facts_in_namespaces()), "sessions_probing");
  EXPECT_EQ(probing.size(), 9U);
  for (const std::string netns : {"host", "web", "db", "other"}) {
    EXPECT_TRUE(probing.contains("role=server,netns=" + netns));
    EXPECT_TRUE(probing.contains("role=client,netns=" + netns));
  }
  EXPECT_TRUE(probing.contains("role=unknown,netns=other"));
}

TEST(SessionMetrics, NamespacesWithoutSeriesOfTheirOwnAreSummed) {
  auto all = series(metrics_of(facts_in_namespaces()), "sessions");
  EXPECT_EQ(all["role=server,netns=host,phase=unknown"], 0);
  EXPECT_EQ(all["role=server,netns=web,phase=unknown"], 2);
  EXPECT_EQ(all["role=server,netns=other,phase=unknown"], 2);
  EXPECT_EQ(all["role=unknown,netns=other,phase=unknown"], 1);
  EXPECT_FALSE(all.contains("role=server,netns=a,phase=unknown"));
}

TEST(SessionMetrics, SilenceIsAbsentWhereItIsUnknown) {
  const auto families = metrics_of(facts_of("proc_net_only"));
  EXPECT_TRUE(series(families, "sessions_silent").empty());
  EXPECT_EQ(families.size(), 3U);
}

TEST(SessionMetrics, NothingKnownNothingSaid) {
  EXPECT_TRUE(metrics_of(Facts()).empty());
}

TEST(SessionMetrics, HelpNeedsNoEscape) {
  for (const auto& family : metrics_of(facts_of("busy"))) {
    EXPECT_EQ(family.help.find_first_of("\n\\"), std::string::npos);
    EXPECT_FALSE(family.help.empty());
  }
}

}  // namespace
}  // namespace ssh_keepalive::sessions
