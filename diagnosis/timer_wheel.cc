#include "diagnosis/timer_wheel.h"

#include <cmath>

namespace ssh_keepalive::diagnosis {
namespace {

constexpr int kLevels = 9;
constexpr int kBitsPerLevel = 3;
constexpr std::int64_t kFirstLevelEnds = 63;

// Its granularity is two to the power of this, in jiffies.
int granularity_bits(std::int64_t jiffies) {
  int bits = 0;
  while (bits < kBitsPerLevel * (kLevels - 1) && jiffies >= kFirstLevelEnds
                                                                << bits) {
    bits += kBitsPerLevel;
  }
  return bits;
}

}  // namespace

std::int64_t to_jiffies(Seconds time) {
  // Beyond this no timer of a connection is armed.
  constexpr double kLongest = 1e12;
  const double jiffies = std::ceil(time.count() * kJiffiesPerSecond - 1e-6);
  return static_cast<std::int64_t>(std::min(std::max(jiffies, 0.0), kLongest));
}

std::int64_t fires_at(std::int64_t armed_at, std::int64_t jiffies) {
  const int bits = granularity_bits(jiffies);
  const std::int64_t granule = std::int64_t{1} << bits;
  return ((armed_at + jiffies + granule) >> bits) << bits;
}

Seconds most_late(Seconds time) {
  return to_seconds(std::int64_t{1} << granularity_bits(to_jiffies(time)));
}

}  // namespace ssh_keepalive::diagnosis
