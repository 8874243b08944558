#include "exporter/ends/news_queue.h"

#include <optional>

namespace ssh_keepalive {

Result<std::uint64_t> NewsQueue::tell(EndRecorder& recorder) {
  std::uint64_t lost = 0;
  std::optional<Error> failure;
  do {
    const Result<std::uint64_t> taken = take();
    if (taken.ok()) {
      lost += *taken;
    } else {
      failure = taken.error();
    }
    if (!untold_.empty()) {
      recorder.destroyed(untold_.front(), look_up());
      untold_.pop_front();
    }
  } while (!untold_.empty());
  return failure ? Result<std::uint64_t>(*failure) : lost;
}

EndRecorder::LookUp NewsQueue::look_up() const {
  return [news = news_](
             const sessions::Socket& socket) -> std::optional<sessions::Left> {
    const auto left = news->look_up(socket);
    return left.ok() ? std::optional(*left) : std::nullopt;
  };
}

Result<std::uint64_t> NewsQueue::take() {
  std::uint64_t too_many = 0;
  const Result<std::uint64_t> lost =
      news_->receive([&](const sessions::FinalSocket& final) {
        if (untold_.size() < kMaxUntold) {
          untold_.push_back(final);
        } else {
          ++too_many;
        }
      });
  return lost.ok() ? Result<std::uint64_t>(*lost + too_many) : lost;
}

}  // namespace ssh_keepalive
