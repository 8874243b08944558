#include "exporter/serve.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "exporter/alertmanager/notifier.h"
#include "exporter/build_info.h"
#include "exporter/ends/session_watcher.h"
#include "exporter/http/router.h"
#include "exporter/http/server.h"
#include "exporter/notify.h"

namespace ssh_keepalive {
namespace {

// To this process by itself: the settings have changed.
constexpr int kSettingsChanged = SIGUSR1;

sigset_t block_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGHUP, SIGINT, SIGTERM, kSettingsChanged}) {
    ::sigaddset(&signals, signal);
  }
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

Result<std::unique_ptr<http::Server>> start_server(const Settings& settings,
                                                   http::Router& router,
                                                   Log& log) {
  Result<std::unique_ptr<http::Server>> server = http::Server::start(
      settings.web.listen_addresses, settings.web.max_requests, router);
  if (server.ok()) {
    for (const std::string& url : (*server)->urls()) {
      log.info("listening", {{"url", url},
                             {"metrics", url.substr(0, url.size() - 1) +
                                             settings.web.telemetry_path},
                             {"version", std::string(build_version())},
                             {"revision", std::string(build_revision())}});
    }
  }
  return server;
}

// Tells the service manager that this thread and the watcher's are alive: each
// sign of life waits for the watcher's answer to the one before. HTTP is not
// asked: whoever keeps its threads busy could have the exporter restarted.
class Watchdog {
 public:
  explicit Watchdog(SessionWatcher& watcher) : watcher_(watcher) {}

  // The next of these signals.
  int wait_for(const sigset_t& signals) {
    for (;;) {
      timespec left{};
      if (interval_) {
        give_sign();
        const std::chrono::nanoseconds pause = std::max(
            due_ - steady_clock::now(), std::chrono::nanoseconds::zero());
        const auto seconds = std::chrono::floor<std::chrono::seconds>(pause);
        left = {.tv_sec = seconds.count(),
                .tv_nsec = (pause - seconds).count()};
      }
      const int signal =
          ::sigtimedwait(&signals, nullptr, interval_ ? &left : nullptr);
      if (signal > 0) {
        return signal;
      }
    }
  }

 private:
  using steady_clock = std::chrono::steady_clock;

  void give_sign() {
    if (steady_clock::now() < due_) {
      return;
    }
    if (watcher_.has_answered()) {
      notify_alive();
      watcher_.ask();
    }
    due_ = steady_clock::now() + *interval_;
  }

  SessionWatcher& watcher_;
  const std::optional<std::chrono::microseconds> interval_ = alive_interval();
  steady_clock::time_point due_ = steady_clock::now();
};

std::string status(const http::Server& server, const Settings& settings) {
  std::string text = "Serving";
  for (const std::string& url : server.urls()) {
    text += " " + url.substr(0, url.size() - 1) + settings.web.telemetry_path;
  }
  return text;
}

}  // namespace

Result<void> serve(Service& service, Log& log) {
  const sigset_t signals = block_signals();
  EndRecorder& recorder = service.record_ends();
  http::Router router(service, [] { ::kill(::getpid(), kSettingsChanged); });
  Result<std::unique_ptr<http::Server>> server =
      start_server(*service.settings(), router, log);
  SessionWatcher watcher(service, recorder, log);
  alertmanager::Notifier notifier(service, log);
  Watchdog watchdog(watcher);
  if (server.ok()) {
    notify_ready(status(**server, *service.settings()));
  }
  while (server.ok()) {
    const int signal = watchdog.wait_for(signals);
    if (signal == SIGINT || signal == SIGTERM) {
      notify_stopping();
      log.info("stopping", {{"signal", signal == SIGINT ? "INT" : "TERM"}});
      return {};
    }
    if (signal == SIGHUP) {
      notify_reloading();
      // Its failure is logged and in the metrics; the old settings stay.
      static_cast<void>(service.reload());
    }
    notifier.settings_changed();
    const std::shared_ptr<const Settings> settings = service.settings();
    if (!(*server)->has_threads_for(settings->web.max_requests)) {
      log.info("opening the HTTP server anew, with more threads");
      (*server)->let_clients_go();
      *server = nullptr;  // the port must be free first
      server = start_server(*settings, router, log);
    }
    if (signal == SIGHUP && server.ok()) {
      const bool done = service.reload_status().successful;
      notify_ready(status(**server, *settings) +
                   (done ? "" : "; the last reload failed, see the log"));
    }
  }
  return server.error();
}

}  // namespace ssh_keepalive
