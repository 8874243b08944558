#include "exporter/observer.h"

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <stop_token>
#include <system_error>
#include <utility>

namespace ssh_keepalive {
namespace {

constexpr int kPausesPerLook = 200;  // 0.5 %

// Also what the kernel spends for this thread, as on walking its tables.
std::chrono::nanoseconds thread_time() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) +
         std::chrono::nanoseconds(time.tv_nsec);
}

void observe(const std::stop_token& stop, const std::function<void()>& look,
             std::chrono::nanoseconds step) {
  std::mutex mutex;
  std::condition_variable_any never_notified;  // but by `stop`
  std::chrono::nanoseconds pause = step;
  while (true) {
    std::unique_lock lock(mutex);
    never_notified.wait_for(lock, stop, pause, [] { return false; });
    if (stop.stop_requested()) {
      return;
    }
    const std::chrono::nanoseconds before = thread_time();
    look();
    pause = pause_after(thread_time() - before, step);
  }
}

}  // namespace

std::chrono::nanoseconds pause_after(std::chrono::nanoseconds processor_time,
                                     std::chrono::nanoseconds step) {
  return std::max(step, kPausesPerLook * processor_time);
}

Observer::Observer(std::function<void()> look, Log& log,
                   std::chrono::nanoseconds step) {
  try {
    thread_ = std::jthread(
        [look = std::move(look), step](const std::stop_token& stop) {
          observe(stop, look, step);
        });
  } catch (const std::system_error& error) {
    log.warn("sessions are not observed between scrapes",
             {{"err", error.code().message()}});
  }
}

}  // namespace ssh_keepalive
