#include "exporter/ends/end_store.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "exporter/ends/end_json.h"
#include "exporter/ends/replace_file.h"

namespace ssh_keepalive {
namespace {

using diagnosis::SessionEnd;

// As much of it as the reader takes: texts of other programs have no bound.
std::string bounded_text(StoredEnds stored) {
  std::string text = stored_ends_text(stored);
  while (text.size() > kMaxStateFileBytes && !stored.ends.empty()) {
    const auto half = static_cast<std::ptrdiff_t>(stored.ends.size() / 2 + 1);
    stored.ends.erase(stored.ends.begin(),
                      std::next(stored.ends.begin(),
                                std::min(half, std::ssize(stored.ends))));
    text = stored_ends_text(stored);
  }
  return text;
}

}  // namespace

EndStore::EndStore(EndStoreSettings settings, Log& log)
    : log_(log), settings_(std::move(settings)) {
  load(settings_.file);
}

void EndStore::configure(EndStoreSettings settings) {
  const std::lock_guard one_at_a_time(save_mutex_);
  const bool is_other = settings.file != settings_.file;
  {
    const std::lock_guard lock(mutex_);
    settings_ = std::move(settings);
    drop_oldest();
  }
  if (is_other) {
    failure_.clear();
    load(settings_.file);
  }
}

void EndStore::add(SessionEnd end) {
  end.ended_at = std::chrono::round<std::chrono::milliseconds>(end.ended_at);
  const std::lock_guard lock(mutex_);
  stored_.ends.push_back(std::move(end));
  ++revision_;
  drop_oldest();
}

StoredEnds EndStore::stored() const {
  const std::lock_guard lock(mutex_);
  return stored_;
}

PathIdles EndStore::paths() const {
  const std::lock_guard lock(mutex_);
  return stored_.paths;
}

void EndStore::set_paths(PathIdles paths) {
  const std::lock_guard lock(mutex_);
  if (paths != stored_.paths) {
    stored_.paths = std::move(paths);
    ++revision_;
  }
}

void EndStore::save() {
  const std::lock_guard one_at_a_time(save_mutex_);
  StoredEnds stored;
  std::uint64_t revision = 0;
  {
    const std::lock_guard lock(mutex_);
    if (settings_.file.empty() || revision_ == saved_) {
      return;
    }
    stored = stored_;
    revision = revision_;
  }
  const Result<void> written =
      replace_file(settings_.file, bounded_text(std::move(stored)));
  report(settings_.file, written);
  if (written.ok()) {
    const std::lock_guard lock(mutex_);
    saved_ = revision;
  }
}

void EndStore::load(const std::string& file) {
  StoredEnds stored;
  if (!file.empty()) {
    Result<StoredEnds> read = read_stored_ends(HostRoot::live(), file);
    if (read.ok()) {
      stored = *std::move(read);
    } else if (read.error().kind != ErrorKind::kAbsent) {
      log_.warn("ends of earlier sessions cannot be read",
                {{"file", file}, {"err", read.error().message()}});
    }
  }
  const std::lock_guard lock(mutex_);
  take_over(std::move(stored));
}

// What the file held, before what is in memory, which is newer.
void EndStore::take_over(StoredEnds stored) {
  const StoredEnds before = stored;
  for (SessionEnd& end : stored_.ends) {
    if (std::ranges::find(before.ends, end) == before.ends.end()) {
      stored.ends.push_back(std::move(end));
    }
  }
  std::ranges::stable_sort(stored.ends, {}, &SessionEnd::ended_at);
  for (const auto& [netns, path] : stored_.paths) {
    stored.paths[netns] = path;
  }
  if (!stored.since) {
    stored.since =
        stored_.since.value_or(std::chrono::round<std::chrono::milliseconds>(
            std::chrono::system_clock::now()));
  }
  stored_ = std::move(stored);
  saved_ = revision_;
  revision_ += stored_ == before ? 0 : 1;
  drop_oldest();
}

void EndStore::drop_oldest() {
  if (stored_.ends.size() > settings_.keep) {
    stored_.ends.erase(stored_.ends.begin(),
                       std::prev(stored_.ends.end(),
                                 static_cast<std::ptrdiff_t>(settings_.keep)));
    ++revision_;
  }
}

void EndStore::report(const std::string& file, const Result<void>& written) {
  const std::string failure = written.ok() ? "" : written.error().message();
  if (!failure.empty() && failure != failure_) {
    log_.warn("ends of sessions are not saved",
              {{"file", file}, {"err", failure}});
  } else if (failure.empty() && !failure_.empty()) {
    log_.info("ends of sessions are saved again", {{"file", file}});
  }
  failure_ = failure;
}

}  // namespace ssh_keepalive
