#include "exporter/serve.h"

#include <csignal>
#include <memory>
#include <string>
#include <utility>

#include "exporter/build_info.h"
#include "exporter/http/router.h"
#include "exporter/http/server.h"

namespace ssh_keepalive {
namespace {

sigset_t block_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int signal : {SIGHUP, SIGINT, SIGTERM}) {
    ::sigaddset(&signals, signal);
  }
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A client that closes early is an error of one write, not of the program.
  std::signal(SIGPIPE, SIG_IGN);
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
                                             settings.web.telemetry_path}});
    }
  }
  return server;
}

}  // namespace

Result<void> serve(Service& service, Log& log) {
  const sigset_t signals = block_signals();
  log.info("starting ssh_keepalive_exporter",
           {{"version", std::string(build_version())},
            {"revision", std::string(build_revision())}});
  http::Router router(service);
  Result<std::unique_ptr<http::Server>> server =
      start_server(*service.settings(), router, log);
  if (!server.ok()) {
    return server.error();
  }
  while (true) {
    int signal = 0;
    ::sigwait(&signals, &signal);
    if (signal != SIGHUP) {
      log.info("stopping", {{"signal", signal == SIGINT ? "INT" : "TERM"}});
      return {};
    }
    // Its failure is logged and in the metrics; the old settings stay.
    static_cast<void>(service.reload());
  }
}

}  // namespace ssh_keepalive
