#include "exporter/serve.h"

#include <unistd.h>

#include <csignal>
#include <memory>
#include <string>
#include <utility>

#include "exporter/alertmanager/notifier.h"
#include "exporter/build_info.h"
#include "exporter/ends/session_watcher.h"
#include "exporter/http/router.h"
#include "exporter/http/server.h"

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

}  // namespace

Result<void> serve(Service& service, Log& log) {
  const sigset_t signals = block_signals();
  EndRecorder& recorder = service.record_ends();
  http::Router router(service, [] { ::kill(::getpid(), kSettingsChanged); });
  Result<std::unique_ptr<http::Server>> server =
      start_server(*service.settings(), router, log);
  const SessionWatcher watcher(service, recorder, log);
  alertmanager::Notifier notifier(service, log);
  while (server.ok()) {
    int signal = 0;
    ::sigwait(&signals, &signal);
    if (signal == SIGINT || signal == SIGTERM) {
      log.info("stopping", {{"signal", signal == SIGINT ? "INT" : "TERM"}});
      return {};
    }
    if (signal == SIGHUP) {
      // Its failure is logged and in the metrics; the old settings stay.
      static_cast<void>(service.reload());
    }
    notifier.settings_changed();
    const std::shared_ptr<const Settings> settings = service.settings();
    if (!(*server)->has_threads_for(settings->web.max_requests)) {
      log.info("opening the HTTP server anew, with more threads");
      *server = nullptr;  // the port must be free first
      server = start_server(*settings, router, log);
    }
  }
  return server.error();
}

}  // namespace ssh_keepalive
