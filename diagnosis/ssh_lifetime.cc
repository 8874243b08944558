#include "diagnosis/ssh_lifetime.h"

namespace ssh_keepalive::diagnosis {
namespace {

constexpr openssh::Release kFirstDoubled{9, 2};
constexpr openssh::Release kLastDoubled{9, 4};

Seconds steps(std::int64_t interval_seconds, std::int64_t count_max) {
  return Seconds(static_cast<double>(interval_seconds)) *
         (static_cast<double>(count_max) + 1);
}

}  // namespace

bool is_doubled(openssh::Release release) {
  return kFirstDoubled <= release && release <= kLastDoubled;
}

SshLifetime client_alive_lifetime(std::int64_t interval_seconds,
                                  std::int64_t count_max,
                                  openssh::Release release) {
  if (interval_seconds <= 0) {
    return {kNeverRange, kNeverRange};
  }
  const double latest = is_doubled(release) ? 2 : 1;
  const Seconds interval(static_cast<double>(interval_seconds));
  const Seconds end = steps(interval_seconds, count_max);
  return {.refresh_interval = {interval, interval * latest},
          .dead_peer_time =
              count_max <= 0 ? kNeverRange : TimeRange{end, end * latest}};
}

SshLifetime server_alive_lifetime(std::int64_t interval_seconds,
                                  std::int64_t count_max) {
  if (interval_seconds <= 0) {
    return {kNeverRange, kNeverRange};
  }
  const Seconds interval(static_cast<double>(interval_seconds));
  if (count_max <= 0) {
    return {kNeverRange, exactly(interval)};
  }
  return {exactly(interval), exactly(steps(interval_seconds, count_max))};
}

}  // namespace ssh_keepalive::diagnosis
