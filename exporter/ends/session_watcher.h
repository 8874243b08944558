// Listens to the kernel for the ends of sessions.
#ifndef SSH_KEEPALIVE_EXPORTER_ENDS_SESSION_WATCHER_H_
#define SSH_KEEPALIVE_EXPORTER_ENDS_SESSION_WATCHER_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <thread>

#include "collectors/base/unique_fd.h"
#include "collectors/sessions/ends/destroyed_sockets.h"
#include "exporter/ends/end_recorder.h"
#include "exporter/ends/news_queue.h"
#include "exporter/log.h"
#include "exporter/service.h"

namespace ssh_keepalive {

// On a thread of its own: takes the kernel's news of destroyed sockets at once,
// and every few seconds a look that costs next to nothing, with which sessions
// are compared and their silences found. A look by all collectors follows where
// sessions have come that nobody knows, and once a minute where there are other
// network namespaces, whose news it takes as well; both rest so long that they
// take no more than 0.5 % of one processor each.
class SessionWatcher {
 public:
  // Where the kernel's news are refused, a warning says so, and ends are found
  // by looks alone. Without a thread a warning says that, too.
  SessionWatcher(Service& service, EndRecorder& recorder, Log& log);
  SessionWatcher(const SessionWatcher&) = delete;
  SessionWatcher& operator=(const SessionWatcher&) = delete;
  SessionWatcher(SessionWatcher&&) = delete;
  SessionWatcher& operator=(SessionWatcher&&) = delete;
  // Waits for the look under way, not for the pause.
  ~SessionWatcher();

  // Asks the thread for a sign of life, and whether it has given the last one.
  // Where there is none, which a warning has said, nothing is missing.
  void ask();
  [[nodiscard]] bool has_answered() const;

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  void subscribe();
  void subscribe_elsewhere();
  // The host's news are about the ports of now.
  void follow_ports();
  void run();
  void wake();
  // Until something is to be done; false: to stop.
  bool wait();
  void take_news();
  void take_news_elsewhere();
  void look();
  [[nodiscard]] bool wants_look_by_all(
      const std::vector<sessions::Session>& sessions) const;
  void look_by_all();
  [[nodiscard]] EndRecorder::LookUp look_up() const;

  Service& service_;
  EndRecorder& recorder_;
  Log& log_;
  UniqueFd wake_;  // an eventfd: there is something new of the three below
  std::atomic<bool> stopping_ = false;
  std::atomic<std::uint32_t> asked_ = 0;
  std::atomic<std::uint32_t> answered_ = 0;
  std::optional<NewsQueue> news_;     // of the host
  std::vector<std::uint16_t> ports_;  // of the news
  bool has_lost_ = false;             // since the last look
  std::map<netns::Id, NewsQueue> elsewhere_;
  SteadyTime last_look_by_all_;
  SteadyTime next_look_;
  SteadyTime next_look_by_all_;
  std::thread thread_;
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_ENDS_SESSION_WATCHER_H_
