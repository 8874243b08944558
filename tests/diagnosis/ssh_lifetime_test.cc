#include "diagnosis/ssh_lifetime.h"

#include <gtest/gtest.h>

#include <limits>

namespace ssh_keepalive::diagnosis {
namespace {

constexpr openssh::Release kExact{9, 6};
constexpr TimeRange kNeverRange{kNever, kNever};

TimeRange between(double earliest, double latest) {
  return {Seconds(earliest), Seconds(latest)};
}

TEST(ClientAlive, EndsAfterOneIntervalMoreThanTheCount) {
  const SshLifetime lifetime = client_alive_lifetime(15, 3, kExact);
  EXPECT_EQ(lifetime.refresh_interval, between(15, 15));
  EXPECT_EQ(lifetime.dead_peer_time, between(60, 60));
}

TEST(ClientAlive, TakesUpToTwiceAsLongFromNineTwoToNineFour) {
  for (const int minor : {2, 3, 4}) {
    const SshLifetime lifetime = client_alive_lifetime(10, 5, {9, minor});
    EXPECT_EQ(lifetime.refresh_interval, between(10, 20)) << minor;
    EXPECT_EQ(lifetime.dead_peer_time, between(60, 120)) << minor;
  }
  for (const openssh::Release release :
       {openssh::Release{8, 4}, openssh::Release{9, 1}, openssh::Release{9, 5},
        openssh::Release{10, 0}}) {
    EXPECT_EQ(client_alive_lifetime(2, 3, release).dead_peer_time,
              between(8, 8));
  }
}

TEST(ClientAlive, OffWithoutAnInterval) {
  EXPECT_EQ(client_alive_lifetime(0, 3, kExact),
            (SshLifetime{kNeverRange, kNeverRange}));
}

TEST(ClientAlive, CountOfZeroRefreshesAndNeverEnds) {
  const SshLifetime lifetime = client_alive_lifetime(30, 0, kExact);
  EXPECT_EQ(lifetime.refresh_interval, between(30, 30));
  EXPECT_EQ(lifetime.dead_peer_time, kNeverRange);
}

TEST(ClientAlive, LargestValuesDoNotOverflow) {
  constexpr int kMost = std::numeric_limits<int>::max();
  const Seconds latest =
      client_alive_lifetime(kMost, kMost, {9, 2}).dead_peer_time.latest;
  EXPECT_GT(latest, Seconds(9e18));
  EXPECT_LT(latest, kNever);
}

TEST(ServerAlive, EndsAfterOneIntervalMoreThanTheCount) {
  const SshLifetime lifetime = server_alive_lifetime(30, 2);
  EXPECT_EQ(lifetime.refresh_interval, between(30, 30));
  EXPECT_EQ(lifetime.dead_peer_time, between(90, 90));
}

TEST(ServerAlive, CountOfZeroEndsHealthySessionsUnasked) {
  const SshLifetime lifetime = server_alive_lifetime(30, 0);
  EXPECT_EQ(lifetime.refresh_interval, kNeverRange);
  EXPECT_EQ(lifetime.dead_peer_time, between(30, 30));
}

TEST(ServerAlive, OffWithoutAnInterval) {
  EXPECT_EQ(server_alive_lifetime(0, 0),
            (SshLifetime{kNeverRange, kNeverRange}));
}

}  // namespace
}  // namespace ssh_keepalive::diagnosis
