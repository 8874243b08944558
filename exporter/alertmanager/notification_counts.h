#ifndef SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_NOTIFICATION_COUNTS_H_
#define SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_NOTIFICATION_COUNTS_H_

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "exporter/alertmanager/delivery.h"

namespace ssh_keepalive::alertmanager {

// Between the thread that notifies and scrapes. A URL keeps its counts for as
// long as the program runs, also while a reload has removed it.
class NotificationCounts {
 public:
  void set(const std::string& url, const Counts& counts) {
    const std::lock_guard lock(mutex_);
    counts_[url] = counts;
  }

  [[nodiscard]] Counts of(const std::string& url) const {
    const std::lock_guard lock(mutex_);
    const auto found = counts_.find(url);
    return found == counts_.end() ? Counts() : found->second;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Counts> counts_;
};

}  // namespace ssh_keepalive::alertmanager

#endif  // SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_NOTIFICATION_COUNTS_H_
