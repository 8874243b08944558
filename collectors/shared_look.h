// A look that several collectors need: within one scrape it is taken once.
#ifndef SSH_KEEPALIVE_COLLECTORS_SHARED_LOOK_H_
#define SSH_KEEPALIVE_COLLECTORS_SHARED_LOOK_H_

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>

namespace ssh_keepalive {

// `Reader` is an enum from 0 on, `kReaders` how many it has. Safe to use from
// several threads: while one looks, the others wait for what it sees.
template <typename Seen, typename Reader, std::size_t kReaders>
class SharedLook {
 public:
  // Each look is given to each reader at most once, and only while it is fresh:
  // a reader that asks again gets a new one.
  std::shared_ptr<const Seen> take(Reader reader,
                                   const std::function<Seen()>& look) {
    constexpr std::chrono::milliseconds kFresh{100};
    const std::lock_guard lock(mutex_);
    bool& is_news = is_news_to_.at(static_cast<std::size_t>(reader));
    if (!is_news || std::chrono::steady_clock::now() - taken_at_ > kFresh) {
      seen_ = std::make_shared<const Seen>(look());
      taken_at_ = std::chrono::steady_clock::now();
      is_news_to_.fill(true);
    }
    is_news = false;
    return seen_;
  }

  // For those outside of scrapes. What they see is left to nobody: a scrape
  // that follows would tell what was before it.
  Seen look_alone(const std::function<Seen()>& look) {
    const std::lock_guard lock(mutex_);
    return look();
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<const Seen> seen_;
  std::chrono::steady_clock::time_point taken_at_;
  std::array<bool, kReaders> is_news_to_{};
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_SHARED_LOOK_H_
