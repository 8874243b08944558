#ifndef SSH_KEEPALIVE_EXPORTER_ENDS_NEWS_QUEUE_H_
#define SSH_KEEPALIVE_EXPORTER_ENDS_NEWS_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>

#include "collectors/base/result.h"
#include "collectors/sessions/ends/destroyed_sockets.h"
#include "exporter/ends/end_recorder.h"

namespace ssh_keepalive {

// The news of one network namespace on their way to the recorder. The kernel
// keeps few of them: they are taken from it before each question about one.
// Not safe to use from several threads.
class NewsQueue {
 public:
  // More that nobody has told yet are lost.
  static constexpr std::size_t kMaxUntold = 100'000;

  explicit NewsQueue(std::shared_ptr<sessions::DestroyedSockets> news)
      : news_(std::move(news)) {}

  [[nodiscard]] const auto& subscription() const { return news_; }

  // Tells the recorder of all there are. Returns how many were lost. Errors:
  // DestroyedSockets::receive's; what had come before is told all the same.
  Result<std::uint64_t> tell(EndRecorder& recorder);

  // Asks that namespace.
  [[nodiscard]] EndRecorder::LookUp look_up() const;

 private:
  Result<std::uint64_t> take();

  std::shared_ptr<sessions::DestroyedSockets> news_;
  std::deque<sessions::FinalSocket> untold_;  // at most kMaxUntold
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_ENDS_NEWS_QUEUE_H_
