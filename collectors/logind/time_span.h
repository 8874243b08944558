// Time spans as systemd.time(7) writes them.
#ifndef SSH_KEEPALIVE_COLLECTORS_LOGIND_TIME_SPAN_H_
#define SSH_KEEPALIVE_COLLECTORS_LOGIND_TIME_SPAN_H_

#include <chrono>
#include <optional>
#include <string_view>

namespace ssh_keepalive::logind {

struct TimeSpan {
  std::optional<std::chrono::microseconds> length;  // nothing: infinity

  bool operator==(const TimeSpan&) const = default;
};

// "30min", "1h 30m", "2.5h", "infinity"; a number without a unit counts
// seconds. By parse_time() of systemd 252: a month has 30.4375 days, a year
// 365.25. Nothing where systemd refuses the text, also for its size; what
// systemd takes and microseconds do not hold, from 292,271 years on, is
// infinity.
std::optional<TimeSpan> parse_time_span(std::string_view text);

}  // namespace ssh_keepalive::logind

#endif  // SSH_KEEPALIVE_COLLECTORS_LOGIND_TIME_SPAN_H_
