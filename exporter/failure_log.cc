#include "exporter/failure_log.h"

#include <utility>

namespace ssh_keepalive {

void FailureLog::report(std::string_view collector,
                        std::set<std::string> failures) {
  const std::lock_guard lock(mutex_);
  std::set<std::string>& open = open_[std::string(collector)];
  for (const std::string& failure : failures) {
    if (!open.contains(failure)) {
      log_.warn("collector fails",
                {{"collector", std::string(collector)}, {"err", failure}});
    }
  }
  for (const std::string& failure : open) {
    if (!failures.contains(failure)) {
      log_.info("collector's failure has ended",
                {{"collector", std::string(collector)}, {"err", failure}});
    }
  }
  open = std::move(failures);
}

}  // namespace ssh_keepalive
