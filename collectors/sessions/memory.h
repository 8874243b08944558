// What is kept of the sessions from one look to the next.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_MEMORY_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_MEMORY_H_

#include <cstdint>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "collectors/sessions/armed_timer.h"
#include "collectors/sessions/clock.h"
#include "collectors/sessions/observation.h"
#include "collectors/sessions/owners.h"
#include "collectors/sessions/session.h"

namespace ssh_keepalive::sessions {

// What a look is compared with: when it was, and what applied then.
struct LookFacts {
  LookTime time;
  std::optional<KeepaliveSettings> settings;
  std::vector<std::uint16_t> ports;
  bool complete = true;  // no socket can be missing
};

// What earlier looks saw and this one may not: SO_KEEPALIVE of each socket,
// with which settings its timer was armed, and its silences. It is of the
// sockets of one network namespace, and holds as many entries as the last look
// had sessions.
class Memory {
 public:
  explicit Memory(Clock clock = kernel_clock) : clock_(std::move(clock)) {}

  // One look at a time: whoever looks holds this from before it to complete().
  [[nodiscard]] std::unique_lock<std::mutex> lock() {
    return std::unique_lock(mutex_);
  }
  // Owns nothing while somebody else looks.
  [[nodiscard]] std::unique_lock<std::mutex> try_lock() {
    return {mutex_, std::try_to_lock};
  }

  [[nodiscard]] const Clock& clock() const { return clock_; }

  // All below: with the lock.

  // Fills in what this look alone does not tell (keepalive, outdated_sysctl,
  // observed_refresh), then keeps what is known of `sessions` only.
  void complete(const LookFacts& look, std::vector<Session>& sessions);

  // Whose they are.
  Owners& owners() { return owners_; }

 private:
  struct Record {
    Keepalive keepalive = Keepalive::kHidden;  // as last seen
    // The nominal time at which the keepalive timer fires, as of the look
    // below; 0: there was none.
    std::chrono::nanoseconds fires_at{0};
    std::optional<std::chrono::nanoseconds> timer_seen_at;
    // Nothing: it was armed before anybody looked, or as they changed.
    std::optional<KeepaliveSettings> armed_with;
    Observation observation;
    int looks_missed = 0;  // in a row
  };
  void follow_timer(const LookFacts& look, Record& record,
                    Session& session) const;

  const Clock clock_;
  std::mutex mutex_;
  std::optional<LookFacts> last_look_;
  // The first of the looks that saw the present settings.
  std::chrono::nanoseconds settings_from_{0};
  std::unordered_map<std::uint64_t, Record> records_;
  Owners owners_;
};

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_MEMORY_H_
