// From the kernel's words on sockets to the ends that are counted and kept.
#ifndef SSH_KEEPALIVE_EXPORTER_ENDS_END_RECORDER_H_
#define SSH_KEEPALIVE_EXPORTER_ENDS_END_RECORDER_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

#include "diagnosis/session_end.h"
#include "exporter/ends/end_store.h"
#include "exporter/ends/end_tracker.h"
#include "exporter/log.h"

namespace ssh_keepalive {

// Since the start.
struct EndCounts {
  std::map<std::pair<sessions::Role, diagnosis::EndCause>, std::uint64_t> ends;
  // Connections that ended before a look had seen them, or before their login:
  // scanners, and short commands.
  std::uint64_t unseen = 0;
  std::uint64_t unauthenticated = 0;
  std::uint64_t events_lost = 0;  // the kernel had no room for them
};

// Safe to use from several threads.
class EndRecorder {
 public:
  // What the kernel still has of a connection; nothing: unknown.
  using LookUp =
      std::function<std::optional<sessions::Left>(const sessions::Socket&)>;

  EndRecorder(EndStore& store, Log& log) : store_(store), log_(log) {}

  // Ends are watched from now on: before, counts() has nothing. Later calls
  // change nothing.
  void begin();

  // A look by all collectors.
  void saw(const Facts& facts, const diagnosis::Report& report);

  // The kernel has destroyed that socket. `look_up` is only asked where it
  // matters.
  void destroyed(const sessions::FinalSocket& final, const LookUp& look_up);

  // A quick look at the host's namespace, taken at `seen_at`: ends that the
  // kernel has not told, and those of sockets that outlive their process.
  // `hears_all`: the kernel tells ends, and has not lost any.
  void compare(std::span<const sessions::Session> sessions,
               std::chrono::steady_clock::time_point seen_at, bool hears_all,
               const LookUp& look_up);

  // Whether saw() should be called soon: see EndTracker::is_behind.
  [[nodiscard]] bool is_behind(
      std::span<const sessions::Session> sessions) const;

  void lost(std::uint64_t events);

  // Nothing before begin().
  [[nodiscard]] std::optional<EndCounts> counts() const;

  [[nodiscard]] PathIdles paths() const { return store_.paths(); }

 private:
  void tell(WatchedSession watched);
  void log_end(const diagnosis::SessionEnd& end);
  // What silences show of the path.
  void learn(const Facts& facts);
  void learn(const diagnosis::EndFacts& facts, diagnosis::EndCause cause);

  EndStore& store_;
  Log& log_;
  mutable std::mutex mutex_;  // guards all below
  EndTracker tracker_;
  std::optional<EndCounts> counts_;
  // Log lines of the present minute.
  std::chrono::steady_clock::time_point minute_;
  std::uint64_t lines_ = 0;
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_ENDS_END_RECORDER_H_
