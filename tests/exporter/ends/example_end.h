// Ends of sessions for tests.
#ifndef SSH_KEEPALIVE_TESTS_EXPORTER_ENDS_EXAMPLE_END_H_
#define SSH_KEEPALIVE_TESTS_EXPORTER_ENDS_EXAMPLE_END_H_

#include <chrono>
#include <string>

#include "diagnosis/session_end.h"

namespace ssh_keepalive::testing {

// 1 February 2026, and that many seconds.
inline std::chrono::system_clock::time_point at_second(int second) {
  return std::chrono::system_clock::time_point(
      std::chrono::seconds(1'769'904'000 + second));
}

// With a value in every field.
inline diagnosis::SessionEnd example_end(int second = 0) {
  return {.ended_at = at_second(second) + std::chrono::milliseconds(125),
          .role = sessions::Role::kServer,
          .netns = "host",
          .local = "192.0.2.1:22",
          .peer = "198.51.100.7:" + std::to_string(50'000 + second),
          .user = "alice",
          .tty = "pts/3",
          .pid = 2041,
          .lasted = std::chrono::seconds(7300),
          .cause = diagnosis::EndCause::kRetransmissionLimit,
          .closed_by = diagnosis::ClosedBy::kHere,
          .evidence = {"data was sent again 15 times", "no answer for 924 s"},
          .advice = "ClientAliveInterval 60"};
}

}  // namespace ssh_keepalive::testing

#endif  // SSH_KEEPALIVE_TESTS_EXPORTER_ENDS_EXAMPLE_END_H_
