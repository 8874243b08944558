#ifndef SSH_KEEPALIVE_EXPORTER_FAILURE_LOG_H_
#define SSH_KEEPALIVE_EXPORTER_FAILURE_LOG_H_

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "exporter/log.h"

namespace ssh_keepalive {

// Logs each distinct failure of a collector when it begins and when it has
// ended, not at every scrape. Safe to use from several threads.
class FailureLog {
 public:
  explicit FailureLog(Log& log) : log_(log) {}

  // The failures of the collector's last run, all of them.
  void report(std::string_view collector, std::set<std::string> failures);

 private:
  Log& log_;
  std::mutex mutex_;
  std::map<std::string, std::set<std::string>, std::less<>> open_;
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_FAILURE_LOG_H_
