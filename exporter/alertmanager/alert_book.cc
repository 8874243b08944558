#include "exporter/alertmanager/alert_book.h"

#include <algorithm>
#include <utility>

namespace ssh_keepalive::alertmanager {
namespace {

void update_open(Entry& entry, const Judged& judged, TimePoint now,
                 std::chrono::seconds hold) {
  if (entry.ended_at) {
    entry = {.open_since = now};  // it begins anew
  }
  entry.known_at = now;
  entry.closed_since.reset();
  entry.description = judged.description;
  if (!entry.fires_since && now - entry.open_since >= hold) {
    entry.fires_since = now;
  }
}

// Whether it is worth keeping.
bool update_not_open(Entry& entry, AlertState state, TimePoint now,
                     std::chrono::seconds keep) {
  if (state == AlertState::kClosed) {
    entry.known_at = now;
    if (!entry.closed_since) {
      entry.closed_since = now;
    }
  }
  const bool has_ended =
      (entry.closed_since && now - *entry.closed_since >= keep) ||
      now - entry.known_at >= kLongestUnknown;
  if (!entry.fires_since) {
    return !entry.closed_since && !has_ended;
  }
  if (has_ended) {
    entry.ended_at = now;
  }
  return true;
}

}  // namespace

void AlertBook::restore(Entries entries, TimePoint saved_at, TimePoint now) {
  if (now - saved_at > kLongestOutage) {
    return;
  }
  entries_ = std::move(entries);
  for (auto& [row, entry] : entries_) {
    // A clock that was set back must not hold anything for ever.
    entry.open_since = std::min(entry.open_since, now);
    entry.known_at = std::min(entry.known_at, now);
    for (auto* const time : {&entry.fires_since, &entry.closed_since}) {
      if (*time) {
        *time = std::min(**time, now);
      }
    }
  }
}

void AlertBook::take(const std::vector<Judged>& all, TimePoint now,
                     const BookTimes& times) {
  const auto at_most = [&times](std::chrono::seconds time) {
    return std::min(time, times.longest_hold);
  };
  for (const Judged& judged : all) {
    const auto known = entries_.find(judged.row);
    if (judged.state == AlertState::kOpen) {
      Entry& entry = known != entries_.end()
                         ? known->second
                         : entries_[judged.row] = {.open_since = now};
      update_open(entry, judged, now, at_most(judged.row->hold));
    } else if (known != entries_.end()) {
      Entry& entry = known->second;
      const bool is_kept = entry.ended_at
                               ? now - *entry.ended_at < times.tell_end
                               : update_not_open(entry, judged.state, now,
                                                 at_most(judged.row->keep));
      if (!is_kept) {
        entries_.erase(known);
      }
    }
  }
}

std::vector<Alert> AlertBook::alerts() const {
  std::vector<Alert> alerts;
  for (const auto& [row, entry] : entries_) {
    if (entry.fires_since) {
      alerts.push_back({.row = row,
                        .description = entry.description,
                        .starts_at = *entry.fires_since,
                        .ended_at = entry.ended_at});
    }
  }
  return alerts;
}

Entries AlertBook::entries() const {
  Entries open = entries_;
  std::erase_if(
      open, [](const auto& one) { return one.second.ended_at.has_value(); });
  return open;
}

}  // namespace ssh_keepalive::alertmanager
