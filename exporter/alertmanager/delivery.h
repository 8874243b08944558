// What one Alertmanager is still to be told, and when to try again.
#ifndef SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_DELIVERY_H_
#define SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_DELIVERY_H_

#include <chrono>
#include <cstdint>
#include <optional>

#include "exporter/alertmanager/message.h"

namespace ssh_keepalive::alertmanager {

// Alerts, each counted as often as it was told.
struct Counts {
  std::uint64_t sent = 0;     // taken by the Alertmanager
  std::uint64_t failed = 0;   // in messages that were not; each attempt
  std::uint64_t dropped = 0;  // given up: refused, or a newer message came

  bool operator==(const Counts&) const = default;
};

enum class Outcome : std::uint8_t {
  kTaken,
  kRefused,  // it would be again
  kFailed,   // it may work later
};

// A queue of one: each message tells all that fires or has just ended, so the
// newest takes the place of one that is still waiting.
class Delivery {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // An empty one ends the waiting, and is not sent.
  void offer(Message message);

  // The message to send now; nothing: none, not yet, or one is on its way.
  std::optional<Message> take(Time now);

  // Of what take() gave. `jitter`, 0 to 1, shortens the pause before the next
  // attempt by up to half; that doubles from 1 s to `longest_pause`.
  void finished(Outcome outcome, Time now, double jitter,
                std::chrono::milliseconds longest_pause);

  // Of what take() gave: nobody knows what has become of it.
  void interrupted();

  // When take() will have something; nothing: not before it is told more.
  [[nodiscard]] std::optional<Time> next() const;

  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  void put_back(Message message);
  void drop(const Message& message);

  Message waiting_;
  std::optional<Message> under_way_;
  Time not_before_;
  int failures_ = 0;  // in a row
  Counts counts_;
};

}  // namespace ssh_keepalive::alertmanager

#endif  // SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_DELIVERY_H_
