#include "exporter/alertmanager/alert_file.h"

#include <set>
#include <utility>

#include "collectors/base/file.h"
#include "collectors/base/host_root.h"
#include "exporter/alertmanager/saved_alerts.h"
#include "exporter/ends/replace_file.h"

namespace ssh_keepalive::alertmanager {
namespace {

Result<SavedAlerts> read(const std::string& path) {
  const Result<File> file = read_file(HostRoot::live(), path, kMaxSavedBytes);
  if (!file.ok()) {
    return file.error();
  }
  Result<SavedAlerts> saved = parse_saved(file->bytes);
  if (!saved.ok()) {
    Error error = saved.error();
    error.attempted = "read";
    error.subject = path;
    return error;
  }
  return saved;
}

std::set<std::string> failure_of(const Result<void>& done) {
  return done.ok() ? std::set<std::string>() : std::set{done.error().message()};
}

}  // namespace

void AlertFile::open(const std::string& path, AlertBook& book, TimePoint now) {
  if (path == path_) {
    return;
  }
  path_ = path;
  holds_some_ = true;  // who knows
  if (path.empty() || !book.entries().empty()) {
    return;
  }
  Result<SavedAlerts> saved = read(path);
  if (saved.ok()) {
    book.restore(std::move(saved->entries), saved->saved_at, now);
  } else if (saved.error().kind != ErrorKind::kAbsent) {
    failures_.report("state_file", {saved.error().message()});
  }
}

void AlertFile::save(const AlertBook& book, TimePoint now) {
  Entries entries = book.entries();
  if (path_.empty() || (entries.empty() && !holds_some_)) {
    return;
  }
  const bool holds_some = !entries.empty();
  const Result<void> written = replace_file(
      path_, saved_text({.saved_at = now, .entries = std::move(entries)}));
  failures_.report("state_file", failure_of(written));
  holds_some_ = holds_some || !written.ok();
}

}  // namespace ssh_keepalive::alertmanager
