#include "diagnosis/tcp_lifetime.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ssh_keepalive::diagnosis {
namespace {

// TCP_RTO_MIN and TCP_RTO_MAX of include/net/tcp.h. The limit of established
// connections is modelled with TCP_RTO_MIN even where tcp_rto_min_us differs:
// that setting changes when retransmissions happen, not their limit.
constexpr Seconds kModelRto{0.2};
constexpr Seconds kDefaultMaxRto{120};

constexpr std::int64_t kMinRetries2 = 0;
constexpr std::int64_t kMaxRetries2 = 255;  // the kernel keeps it in a byte

Seconds to_seconds(std::int64_t seconds) {
  return Seconds(static_cast<double>(seconds));
}

// A negative time becomes a timer that the kernel arms some 50 to 200 days
// (2^32 ticks) ahead: no session lives to see it.
Seconds timer_period(std::int64_t seconds) {
  return seconds < 0 ? kNever : to_seconds(seconds);
}

void derive_keepalive(std::int64_t time_seconds, std::int64_t intvl_seconds,
                      std::int64_t probes, TcpLifetime& lifetime) {
  const Seconds time = timer_period(time_seconds);
  const Seconds intvl = timer_period(intvl_seconds);
  if (probes <= 0) {
    // The first tick finds "0 of 0 probes unanswered" and resets.
    lifetime.refresh_interval = kNever;
    lifetime.dead_peer_time = time;
    return;
  }
  // After an answered probe the timer runs for intvl and, if less than time
  // has passed since that answer, for the rest of it.
  lifetime.refresh_interval = std::max(time, intvl);
  lifetime.dead_peer_time =
      intvl == kNever ? kNever : time + intvl * static_cast<double>(probes);
}

// tcp_model_timeout(): doubling from 0.2 s, then the maximum each time.
std::optional<Seconds> model_retransmission_limit(std::int64_t retries2,
                                                  Seconds max_rto) {
  if (retries2 < kMinRetries2 || retries2 > kMaxRetries2 ||
      max_rto < kModelRto) {
    return std::nullopt;
  }
  const auto doublings =
      static_cast<std::int64_t>(std::floor(std::log2(max_rto / kModelRto)));
  const std::int64_t exponential = std::min(retries2, doublings);
  const Seconds doubled =
      (std::exp2(static_cast<double>(exponential + 1)) - 1) * kModelRto;
  return doubled + static_cast<double>(retries2 - exponential) * max_rto;
}

}  // namespace

TcpLifetime tcp_lifetime(const sysctl::Facts& facts) {
  TcpLifetime lifetime;
  if (facts.keepalive_time_seconds && facts.keepalive_intvl_seconds &&
      facts.keepalive_probes) {
    derive_keepalive(*facts.keepalive_time_seconds,
                     *facts.keepalive_intvl_seconds, *facts.keepalive_probes,
                     lifetime);
  }
  if (facts.retries2) {
    const Seconds max_rto =
        facts.rto_max_milliseconds
            ? Seconds(static_cast<double>(*facts.rto_max_milliseconds) / 1e3)
            : kDefaultMaxRto;
    lifetime.retransmission_limit =
        model_retransmission_limit(*facts.retries2, max_rto);
  }
  return lifetime;
}

}  // namespace ssh_keepalive::diagnosis
