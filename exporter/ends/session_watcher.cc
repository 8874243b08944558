#include "exporter/ends/session_watcher.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include "collectors/sessions/port_filter.h"
#include "exporter/pace.h"

namespace ssh_keepalive {
namespace {

using std::chrono::steady_clock;

}  // namespace

SessionWatcher::SessionWatcher(Service& service, EndRecorder& recorder,
                               Log& log)
    : service_(service),
      recorder_(recorder),
      log_(log),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  // A scrape at the start goes first.
  next_look_ = steady_clock::now() + kObservationStep;
  subscribe();
  if (!ports_.empty()) {
    recorder_.begin();
  }
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& error) {
    log_.warn("sessions are not observed between scrapes",
              {{"err", error.code().message()}});
  }
}

SessionWatcher::~SessionWatcher() {
  if (thread_.joinable()) {
    stopping_ = true;
    wake();
    thread_.join();
  }
}

// It fails only where 2^64 - 2 wakes wait, and then one more is not missed.
void SessionWatcher::wake() { ::eventfd_write(wake_.get(), 1); }

void SessionWatcher::ask() {
  ++asked_;
  wake();
}

bool SessionWatcher::has_answered() const {
  return !thread_.joinable() || answered_ == asked_;
}

void SessionWatcher::subscribe() {
  ports_ = service_.watched_ports();
  Result<sessions::DestroyedSockets> news =
      sessions::DestroyedSockets::open(sessions::PortSet(ports_));
  if (news.ok()) {
    news_.emplace(
        std::make_shared<sessions::DestroyedSockets>(*std::move(news)));
    return;
  }
  log_.warn("the ends of sessions are found by looks alone, without a cause",
            {{"err", news.error().message()}});
}

// Namespaces come and go, and the kernel may give a later one the id of one
// that is gone.
void SessionWatcher::subscribe_elsewhere() {
  const auto now = service_.other_news();
  std::erase_if(elsewhere_, [&now](const auto& known) {
    const auto same = now.find(known.first);
    return same == now.end() || same->second != known.second.subscription();
  });
  for (const auto& [id, news] : now) {
    elsewhere_.try_emplace(id, news);
  }
}

void SessionWatcher::run() {
  while (wait()) {
    answered_ = asked_.load();
    take_news();
    take_news_elsewhere();
    if (steady_clock::now() >= next_look_) {
      look();
    }
  }
  // A restart loses nothing of what came since the last look.
  take_news();
  take_news_elsewhere();
  service_.save_ends();
}

bool SessionWatcher::wait() {
  std::vector<pollfd> waited = {
      {.fd = wake_.get(), .events = POLLIN, .revents = 0}};
  const auto add = [&waited](const NewsQueue& news) {
    waited.push_back({.fd = news.subscription()->descriptor(),
                      .events = POLLIN,
                      .revents = 0});
  };
  if (news_) {
    add(*news_);
  }
  for (const auto& [id, news] : elsewhere_) {
    add(news);
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      next_look_ - steady_clock::now());
  ::poll(waited.data(), waited.size(),
         static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3600'000)));
  if (waited.front().revents != 0) {
    eventfd_t wakes = 0;
    ::eventfd_read(wake_.get(), &wakes);
  }
  return !stopping_;
}

void SessionWatcher::take_news() {
  if (!news_) {
    return;
  }
  const Result<std::uint64_t> lost = news_->tell(recorder_);
  if (!lost.ok()) {
    log_.warn("the ends of sessions are found by looks alone from now on",
              {{"err", lost.error().message()}});
    news_.reset();
  } else if (*lost > 0) {
    recorder_.lost(*lost);
    has_lost_ = true;
    next_look_ = steady_clock::now();
  }
}

// What is lost there, the next look by all collectors makes up for.
void SessionWatcher::take_news_elsewhere() {
  for (auto& [id, news] : elsewhere_) {
    const Result<std::uint64_t> lost = news.tell(recorder_);
    if (lost.ok() && *lost > 0) {
      recorder_.lost(*lost);
    }
  }
}

EndRecorder::LookUp SessionWatcher::look_up() const {
  return news_ ? news_->look_up()
               : [](const sessions::Socket&) -> std::optional<sessions::Left> {
    return std::nullopt;
  };
}

void SessionWatcher::look() {
  const std::chrono::nanoseconds before = thread_time();
  const SteadyTime now = steady_clock::now();
  const auto sessions = service_.observe();
  if (sessions) {
    recorder_.begin();
    take_news();  // of those that this look has missed
    recorder_.compare(*sessions, now, news_ && !has_lost_, look_up());
    has_lost_ = false;
    if (wants_look_by_all(*sessions) && now >= next_look_by_all_) {
      look_by_all();
    }
  }
  if (news_) {
    follow_ports();
  }
  subscribe_elsewhere();
  service_.save_ends();
  next_look_ = steady_clock::now() +
               pause_after(thread_time() - before, kObservationStep);
}

void SessionWatcher::follow_ports() {
  auto ports = service_.watched_ports();
  if (ports_ != ports) {
    ports_ = std::move(ports);
    static_cast<void>(
        news_->subscription()->set_ports(sessions::PortSet(ports_)));
  }
}

bool SessionWatcher::wants_look_by_all(
    const std::vector<sessions::Session>& sessions) const {
  constexpr std::chrono::minutes kElsewhere{1};
  return recorder_.is_behind(sessions) ||
         (service_.looks_elsewhere() &&
          steady_clock::now() - last_look_by_all_ >= kElsewhere);
}

void SessionWatcher::look_by_all() {
  const SteadyTime before = steady_clock::now();
  service_.look_by_all();
  last_look_by_all_ = steady_clock::now();
  next_look_by_all_ = last_look_by_all_ +
                      pause_after(last_look_by_all_ - before, kObservationStep);
}

}  // namespace ssh_keepalive
