#include "exporter/failure_log.h"

#include <utility>

namespace ssh_keepalive {

void FailureLog::report(std::string_view name, std::set<std::string> failures) {
  const std::lock_guard lock(mutex_);
  std::set<std::string>& open = open_[std::string(name)];
  for (const std::string& failure : failures) {
    if (!open.contains(failure)) {
      log_.warn(kind_ + " fails",
                {{kind_, std::string(name)}, {"err", failure}});
    }
  }
  for (const std::string& failure : open) {
    if (!failures.contains(failure)) {
      log_.info(kind_ + "'s failure has ended",
                {{kind_, std::string(name)}, {"err", failure}});
    }
  }
  open = std::move(failures);
}

}  // namespace ssh_keepalive
