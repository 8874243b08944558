// An exporter in this process, for one host: requests go to its router.
#ifndef SSH_KEEPALIVE_TESTS_SOAK_HOST_H_
#define SSH_KEEPALIVE_TESTS_SOAK_HOST_H_

#include <cstdint>
#include <filesystem>
#include <string>

#include "exporter/ends/end_recorder.h"
#include "exporter/ends/session_watcher.h"
#include "exporter/http/router.h"
#include "exporter/log.h"
#include "exporter/service.h"

namespace ssh_keepalive::soak {

class Host {
 public:
  // `root` is / or a recorded host; `folder` is for its configuration and its
  // state. Throws where there is no such host.
  Host(const std::string& root, std::filesystem::path folder,
       std::uint16_t port);

  // As Prometheus and people ask. Throws on any status but 200.
  std::string get(const std::string& page, bool zipped);

  // To one of two configurations, by turns. Throws where that fails.
  void reload();

  void save_ends() { service_.save_ends(); }

  [[nodiscard]] EndCounts counts() const {
    return recorder_.counts().value_or(EndCounts());
  }

 private:
  void fill_what_is_bounded();

  const std::filesystem::path folder_;
  const std::uint16_t port_;
  bool is_first_ = true;  // of the two configurations
  Log log_;
  Service service_;
  EndRecorder& recorder_;
  http::Router router_;
  SessionWatcher watcher_;
};

}  // namespace ssh_keepalive::soak

#endif  // SSH_KEEPALIVE_TESTS_SOAK_HOST_H_
