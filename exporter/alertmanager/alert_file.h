#ifndef SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_ALERT_FILE_H_
#define SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_ALERT_FILE_H_

#include <string>

#include "exporter/alertmanager/alert_book.h"
#include "exporter/failure_log.h"

namespace ssh_keepalive::alertmanager {

// [alertmanager] state_file. Trouble with it is told in the log, once.
class AlertFile {
 public:
  explicit AlertFile(FailureLog& failures) : failures_(failures) {}

  // Empty: nothing is kept. Where it is another file than before, the book goes
  // on from what it holds, if the book is empty.
  void open(const std::string& path, AlertBook& book, TimePoint now);

  // Whole, or not at all; not while there is nothing to keep and nothing to
  // forget.
  void save(const AlertBook& book, TimePoint now);

 private:
  FailureLog& failures_;
  std::string path_;
  bool holds_some_ = false;
};

}  // namespace ssh_keepalive::alertmanager

#endif  // SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_ALERT_FILE_H_
