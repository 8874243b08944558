// How many requests that cost something are served at once.
#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_SLOTS_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_SLOTS_H_

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace ssh_keepalive::http {

// Safe to use from several threads.
class Slots {
 public:
  // One of them, until it goes; the slots outlive it.
  class Slot {
   public:
    Slot(Slot&& other) noexcept;
    Slot& operator=(Slot&&) = delete;
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    ~Slot();

   private:
    friend class Slots;
    explicit Slot(Slots& slots) : slots_(&slots) {}
    Slots* slots_;  // null: moved away
  };

  // Waits that long for one of `limit` slots; nothing: all are still taken.
  std::optional<Slot> take(int limit, std::chrono::milliseconds patience);

 private:
  void give_back();

  std::mutex mutex_;
  std::condition_variable given_back_;
  int taken_ = 0;
};

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_SLOTS_H_
