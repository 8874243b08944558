#include "exporter/policy.h"

#include <gtest/gtest.h>

namespace ssh_keepalive {
namespace {

using diagnosis::kNever;
using diagnosis::PathSource;
using diagnosis::Policy;
using diagnosis::Seconds;
using std::chrono::seconds;

TEST(PolicyOf, NothingConfiguredIsAssumed) {
  const Policy policy = policy_of({}, {});
  EXPECT_EQ(policy.path_source, PathSource::kAssumed);
  EXPECT_EQ(policy.path.idle_timeout, Seconds(300));
  EXPECT_EQ(policy.path.bytes_idle_timeout, kNever);
  EXPECT_EQ(policy.safety_margin_ratio, 0.2);
  EXPECT_EQ(policy.minimum_idle, Seconds(3600));
  EXPECT_EQ(policy.minimum_outage_tolerance, Seconds(60));
  EXPECT_EQ(policy.maximum_dead_peer_time, Seconds(10'800));
  EXPECT_EQ(policy.compliance, nullptr);
}

TEST(PolicyOf, CloudIsDetected) {
  Facts facts;
  facts.host.emplace();
  EXPECT_EQ(policy_of({}, facts).path_source, PathSource::kAssumed);
  for (const auto& [cloud, timeout] : {std::pair(platform::Cloud::kAws, 350),
                                       std::pair(platform::Cloud::kAzure, 240),
                                       std::pair(platform::Cloud::kGcp, 600)}) {
    facts.host->platform.cloud = cloud;
    const Policy policy = policy_of({}, facts);
    EXPECT_EQ(policy.path_source, PathSource::kDetected);
    EXPECT_EQ(policy.path.idle_timeout, Seconds(timeout));
  }
  Settings settings;
  settings.policy.path_idle_timeout = PathPreset{"home-nat"};
  EXPECT_EQ(policy_of(settings, facts).path_source, PathSource::kConfigured);
}

TEST(PolicyOf, TimeoutOrPreset) {
  Settings settings;
  settings.policy.path_idle_timeout = seconds(900);
  EXPECT_EQ(policy_of(settings, {}).path.idle_timeout, Seconds(900));
  EXPECT_EQ(policy_of(settings, {}).path_source, PathSource::kConfigured);
  settings.policy.path_idle_timeout = PathPreset{"azure-lb"};
  EXPECT_EQ(policy_of(settings, {}).path.idle_timeout, Seconds(240));
  settings.policy.path_idle_timeout = PathPreset{"nginx-stream"};
  EXPECT_EQ(policy_of(settings, {}).path.idle_timeout, kNever);
  EXPECT_EQ(policy_of(settings, {}).path.bytes_idle_timeout, Seconds(600));
}

TEST(PolicyOf, TheFirstMiddleboxThatForgetsDecides) {
  Settings settings;
  settings.paths = {{.name = "firewall", .idle_timeout = seconds(1800)},
                    {.name = "unknown", .idle_timeout = {}},
                    {.name = "nat", .idle_timeout = seconds(600)},
                    {.name = "proxy",
                     .idle_timeout = seconds(120),
                     .counts = PathCounts::kBytes}};
  const Policy policy = policy_of(settings, {});
  EXPECT_EQ(policy.path_source, PathSource::kConfigured);
  EXPECT_EQ(policy.path.idle_timeout, Seconds(600));
  EXPECT_EQ(policy.path.bytes_idle_timeout, Seconds(120));
  settings.policy.path_idle_timeout = seconds(300);
  EXPECT_EQ(policy_of(settings, {}).path.idle_timeout, Seconds(300));
}

TEST(PolicyOf, Compliance) {
  Settings settings;
  settings.policy.compliance = "cis-rhel-9";
  ASSERT_NE(policy_of(settings, {}).compliance, nullptr);
  EXPECT_EQ(policy_of(settings, {}).compliance->client_alive_count_max, 1);
}

}  // namespace
}  // namespace ssh_keepalive
