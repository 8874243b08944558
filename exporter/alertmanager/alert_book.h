// Which alerts fire, since when, and which have ended: what Prometheus does
// with `for` and `keep_firing_for` of a rule.
#ifndef SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_ALERT_BOOK_H_
#define SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_ALERT_BOOK_H_

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "exporter/alertmanager/judge.h"

namespace ssh_keepalive::alertmanager {

using TimePoint = std::chrono::system_clock::time_point;

// How long an alert may be unknown before it resolves: nobody waits for a
// collector that is off for ever.
inline constexpr std::chrono::hours kLongestUnknown{24};

// After an outage of the exporter that was longer than this, alerts begin anew:
// Prometheus' default of --rules.alert.for-outage-tolerance.
inline constexpr std::chrono::hours kLongestOutage{1};

// One that fires, or has just ended.
struct Alert {
  const AlertRow* row = nullptr;
  std::string description;
  TimePoint starts_at;
  std::optional<TimePoint> ended_at;  // nothing: it fires

  bool operator==(const Alert&) const = default;
};

// What is known of one alert; all of it but the end outlives a restart.
struct Entry {
  TimePoint open_since;
  TimePoint known_at;                    // when it was last open or closed
  std::optional<TimePoint> fires_since;  // nothing: it is held back yet
  std::optional<TimePoint> closed_since;
  std::optional<TimePoint> ended_at;
  std::string description;

  bool operator==(const Entry&) const = default;
};

using Entries = std::map<const AlertRow*, Entry>;

struct BookTimes {
  // No alert waits longer, to fire or to resolve, whatever its row says.
  std::chrono::seconds longest_hold{};
  // For how long one that has ended is told.
  std::chrono::seconds tell_end{};
};

class AlertBook {
 public:
  // Takes over what another run has left, as it was saved at that time.
  void restore(Entries entries, TimePoint saved_at, TimePoint now);

  // `now` may be any later time.
  void take(const std::vector<Judged>& all, TimePoint now,
            const BookTimes& times);

  // In the order of kAlerts.
  [[nodiscard]] std::vector<Alert> alerts() const;

  // Those that have not ended.
  [[nodiscard]] Entries entries() const;

 private:
  Entries entries_;
};

}  // namespace ssh_keepalive::alertmanager

#endif  // SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_ALERT_BOOK_H_
