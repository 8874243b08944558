#ifndef SSH_KEEPALIVE_EXPORTER_FAILURE_LOG_H_
#define SSH_KEEPALIVE_EXPORTER_FAILURE_LOG_H_

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "exporter/log.h"

namespace ssh_keepalive {

// Logs each distinct failure of something when it begins and when it has ended,
// not every time that it is tried. Safe to use from several threads.
class FailureLog {
 public:
  // `kind` of what may fail: one word, like "collector".
  FailureLog(Log& log, std::string_view kind) : log_(log), kind_(kind) {}

  // The failures of the last try of the one of that name, all of them.
  void report(std::string_view name, std::set<std::string> failures);

 private:
  Log& log_;
  const std::string kind_;
  std::mutex mutex_;
  std::map<std::string, std::set<std::string>, std::less<>> open_;
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_FAILURE_LOG_H_
