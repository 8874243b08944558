// What a process holds, and whether that has grown.
#ifndef SSH_KEEPALIVE_TESTS_SOAK_USAGE_H_
#define SSH_KEEPALIVE_TESTS_SOAK_USAGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ssh_keepalive::soak {

struct Usage {
  std::int64_t heap_bytes = 0;      // allocated and not freed, of all threads
  std::int64_t resident_bytes = 0;  // what malloc keeps for later included
  std::int64_t descriptors = 0;
  std::int64_t threads = 0;
};

// Growth that is no leak: lengths of numbers and texts that change from one
// look to the next, and where malloc puts things.
inline constexpr Usage kBound = {.heap_bytes = 128 << 10,
                                 .resident_bytes = 4 << 20};

// Of this process when it is at rest: threads that end, and looks between
// scrapes, hold theirs for a moment only. Waits a second for growth since
// `before` to go.
Usage usage_at_rest(const std::optional<Usage>& before);

// A line for each quantity that has grown by more than kBound has; empty: all
// is well.
std::vector<std::string> growth_beyond_bound(const Usage& before,
                                             const Usage& after);

}  // namespace ssh_keepalive::soak

#endif  // SSH_KEEPALIVE_TESTS_SOAK_USAGE_H_
