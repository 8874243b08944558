// The live sessions, and what would be known of each were it to end now.
#ifndef SSH_KEEPALIVE_EXPORTER_ENDS_END_TRACKER_H_
#define SSH_KEEPALIVE_EXPORTER_ENDS_END_TRACKER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "collectors/registry.h"
#include "diagnosis/end_cause.h"
#include "diagnosis/report.h"

namespace ssh_keepalive {

// One session as the last look saw it that knew whose it is.
struct WatchedSession {
  diagnosis::EndFacts facts;  // without what only its end tells
  std::shared_ptr<const std::vector<diagnosis::Finding>> findings;
  std::chrono::steady_clock::time_point seen_at;
  std::chrono::steady_clock::time_point present_at;  // in the last look at all
  std::chrono::steady_clock::time_point earlier_seen_at;  // earlier_fate's look
  std::chrono::steady_clock::time_point first_seen_at;
  // Since when a look has missed it, though nobody has told of its end.
  std::optional<std::chrono::steady_clock::time_point> missed_since;
};

// Sockets are told apart by their cookies, of which the kernel (from Linux 5.4
// on; before, each network namespace) gives none twice; those without one are
// not watched.
// Not safe to use from several threads.
class EndTracker {
 public:
  // More live sessions than that are not watched.
  static constexpr std::size_t kMaxSessions = 100'000;
  // Sockets whose end was told, of which the kernel may tell once more.
  static constexpr std::size_t kMaxTold = 8192;

  // A look by all collectors: sessions that are not in it stay until their end
  // is told. Sessions whose sockets have been told of do not come back.
  void saw(const Facts& facts, const diagnosis::Report& report,
           std::chrono::steady_clock::time_point now);

  // Takes it out, so that each end is told once: a look that began before does
  // not bring it back. Nothing: it is not watched.
  std::optional<WatchedSession> take(std::uint64_t cookie);

  // Whether its end was told.
  [[nodiscard]] bool was_told(std::uint64_t cookie) const {
    return told_.contains(cookie);
  }

  // The watched sessions of the host's namespace that are not among `sessions`,
  // which were seen `now`.
  std::vector<WatchedSession> missing_in(
      std::span<const sessions::Session> sessions,
      std::chrono::steady_clock::time_point now);

  // The same for other namespaces, after a look by all collectors that went
  // there. Those whose namespace it did not find are forgotten after a while.
  std::vector<WatchedSession> missing_elsewhere(
      const Facts& facts, std::chrono::steady_clock::time_point now);

  // Whether a look by all collectors would add something: sessions that nobody
  // knows yet, or of which it is open who logs in.
  [[nodiscard]] bool is_behind(
      std::span<const sessions::Session> sessions) const;

 private:
  std::unordered_map<std::uint64_t, WatchedSession> watched_;
  std::unordered_set<std::uint64_t> told_;
  std::deque<std::uint64_t> told_in_order_;
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_ENDS_END_TRACKER_H_
