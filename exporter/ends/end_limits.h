// Which values of the state file are possible.
#ifndef SSH_KEEPALIVE_EXPORTER_ENDS_END_LIMITS_H_
#define SSH_KEEPALIVE_EXPORTER_ENDS_END_LIMITS_H_

#include <limits>

namespace ssh_keepalive::ends {

inline constexpr int kVersion = 1;
// The year 2255: std::chrono::system_clock's nanoseconds end in 2262.
inline constexpr double kLatestSeconds = 9.0e9;
inline constexpr double kLongestSeconds = 1.0e10;
inline constexpr int kLargestPid = std::numeric_limits<int>::max();

}  // namespace ssh_keepalive::ends

#endif  // SSH_KEEPALIVE_EXPORTER_ENDS_END_LIMITS_H_
