#include "diagnosis/tcp_lifetime.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace ssh_keepalive::diagnosis {
namespace {

sysctl::Facts keepalive(std::int64_t time, std::int64_t intvl,
                        std::int64_t probes) {
  sysctl::Facts facts;
  facts.keepalive_time_seconds = time;
  facts.keepalive_intvl_seconds = intvl;
  facts.keepalive_probes = probes;
  return facts;
}

double dead_peer(const sysctl::Facts& facts) {
  return tcp_lifetime(facts).dead_peer_time.value().count();
}

double refresh(const sysctl::Facts& facts) {
  return tcp_lifetime(facts).refresh_interval.value().count();
}

double limit(std::int64_t retries2) {
  sysctl::Facts facts;
  facts.retries2 = retries2;
  return tcp_lifetime(facts).retransmission_limit.value().count();
}

constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(TcpLifetime, KernelDefaults) {
  EXPECT_EQ(refresh(keepalive(7200, 75, 9)), 7200);
  EXPECT_EQ(dead_peer(keepalive(7200, 75, 9)), 7875);
}

TEST(TcpLifetime, PopularAdviceIs1275AndNot675) {
  EXPECT_EQ(dead_peer(keepalive(600, 75, 9)), 1275);
}

TEST(TcpLifetime, HealthyPeerIsProbedEveryLongerOfTimeAndInterval) {
  EXPECT_EQ(refresh(keepalive(60, 75, 9)), 75);
  EXPECT_EQ(refresh(keepalive(75, 60, 9)), 75);
}

TEST(TcpLifetime, ZeroProbesNeverRefreshAndEndAtTime) {
  EXPECT_EQ(refresh(keepalive(600, 75, 0)), kInfinity);
  EXPECT_EQ(dead_peer(keepalive(600, 75, 0)), 600);
}

TEST(TcpLifetime, ZeroTimeProbesAtOnce) {
  EXPECT_EQ(refresh(keepalive(0, 75, 9)), 75);
  EXPECT_EQ(dead_peer(keepalive(0, 75, 9)), 675);
}

TEST(TcpLifetime, NegativeTimesNeverFire) {
  EXPECT_EQ(refresh(keepalive(-1, 75, 9)), kInfinity);
  EXPECT_EQ(dead_peer(keepalive(-1, 75, 9)), kInfinity);
  EXPECT_EQ(refresh(keepalive(7200, -1, 9)), kInfinity);
  EXPECT_EQ(dead_peer(keepalive(7200, -1, 9)), kInfinity);
  EXPECT_EQ(dead_peer(keepalive(7200, -1, 0)), 7200);
}

TEST(TcpLifetime, HugeValuesDoNotOverflow) {
  constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();
  const double huge = static_cast<double>(kHuge);
  EXPECT_EQ(refresh(keepalive(kHuge, kHuge, kHuge)), huge);
  EXPECT_EQ(dead_peer(keepalive(kHuge, kHuge, kHuge)), huge + huge * huge);
  EXPECT_TRUE(std::isfinite(dead_peer(keepalive(kHuge, kHuge, kHuge))));
}

TEST(TcpLifetime, RetransmissionLimitsMeasuredOnLinux) {
  EXPECT_NEAR(limit(5), 12.6, 1e-9);
  EXPECT_NEAR(limit(6), 25.4, 1e-9);
  EXPECT_NEAR(limit(8), 102.2, 1e-9);
  EXPECT_NEAR(limit(10), 324.6, 1e-9);
  EXPECT_NEAR(limit(15), 924.6, 1e-9);
}

TEST(TcpLifetime, RetransmissionLimitAtItsEdges) {
  EXPECT_NEAR(limit(0), 0.2, 1e-9);
  EXPECT_NEAR(limit(9), 204.6, 1e-9);
  EXPECT_NEAR(limit(255), 204.6 + 246 * 120, 1e-9);
}

TEST(TcpLifetime, RetransmissionLimitFollowsTheMaximumTimeout) {
  sysctl::Facts facts;
  facts.retries2 = 15;
  facts.rto_max_milliseconds = 30'000;
  EXPECT_NEAR(tcp_lifetime(facts).retransmission_limit->count(), 291, 1e-9);
  facts.rto_max_milliseconds = 1'000;
  EXPECT_NEAR(tcp_lifetime(facts).retransmission_limit->count(), 14.4, 1e-9);
}

TEST(TcpLifetime, MinimumTimeoutDoesNotChangeTheLimit) {
  sysctl::Facts facts;
  facts.retries2 = 15;
  facts.rto_min_microseconds = 5'000;
  EXPECT_NEAR(tcp_lifetime(facts).retransmission_limit->count(), 924.6, 1e-9);
}

TEST(TcpLifetime, UnknownSettingsMakeUnknownTimes) {
  EXPECT_FALSE(tcp_lifetime({}).refresh_interval);
  EXPECT_FALSE(tcp_lifetime({}).dead_peer_time);
  EXPECT_FALSE(tcp_lifetime({}).retransmission_limit);
  sysctl::Facts facts = keepalive(7200, 75, 9);
  facts.keepalive_intvl_seconds.reset();
  EXPECT_FALSE(tcp_lifetime(facts).dead_peer_time);
}

TEST(TcpLifetime, ValuesThatNoKernelAcceptsMakeUnknownTimes) {
  sysctl::Facts facts;
  facts.retries2 = -1;
  EXPECT_FALSE(tcp_lifetime(facts).retransmission_limit);
  facts.retries2 = std::numeric_limits<std::int64_t>::max();
  EXPECT_FALSE(tcp_lifetime(facts).retransmission_limit);
  facts.retries2 = 15;
  facts.rto_max_milliseconds = 0;
  EXPECT_FALSE(tcp_lifetime(facts).retransmission_limit);
}

}  // namespace
}  // namespace ssh_keepalive::diagnosis
