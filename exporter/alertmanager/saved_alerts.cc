#include "exporter/alertmanager/saved_alerts.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

namespace ssh_keepalive::alertmanager {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using std::chrono::milliseconds;

constexpr int kVersion = 1;

Error invalid(std::string reason) {
  return {.kind = ErrorKind::kInvalid, .reason = std::move(reason)};
}

ordered_json time_json(TimePoint time) {
  return std::chrono::floor<milliseconds>(time.time_since_epoch()).count();
}

ordered_json time_json(const std::optional<TimePoint>& time) {
  return time ? time_json(*time) : ordered_json(nullptr);
}

// Nothing: it is no time from 1970 to 2200.
std::optional<TimePoint> read_time(const json& object, const char* key) {
  constexpr std::int64_t kLatest = 7'258'118'400'000;
  const auto member = object.find(key);
  if (member == object.end() || !member->is_number_integer()) {
    return std::nullopt;
  }
  const auto count = member->get<std::int64_t>();
  return count >= 0 && count < kLatest
             ? std::optional(TimePoint(milliseconds(count)))
             : std::nullopt;
}

// Whether it is a time, null, or left out.
bool read_optional_time(const json& object, const char* key,
                        std::optional<TimePoint>& time) {
  time = read_time(object, key);
  const auto member = object.find(key);
  return time || member == object.end() || member->is_null();
}

std::string text_of(const json& object, const char* key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_string()
             ? member->get<std::string>()
             : "";
}

const AlertRow* row_of(const json& object) {
  const std::string check = text_of(object, "check");
  const std::string severity = text_of(object, "severity");
  const auto* const row = std::ranges::find_if(kAlerts, [&](const auto& one) {
    return one.check == check && name_of(one.severity) == severity;
  });
  return row == kAlerts.end() ? nullptr : row;
}

}  // namespace

std::string saved_text(const SavedAlerts& saved) {
  ordered_json alerts = ordered_json::array();
  for (const auto& [row, entry] : saved.entries) {
    alerts.push_back({{"check", row->check},
                      {"severity", name_of(row->severity)},
                      {"open_since_ms", time_json(entry.open_since)},
                      {"known_at_ms", time_json(entry.known_at)},
                      {"fires_since_ms", time_json(entry.fires_since)},
                      {"closed_since_ms", time_json(entry.closed_since)}});
  }
  const ordered_json document = {{"version", kVersion},
                                 {"saved_at_ms", time_json(saved.saved_at)},
                                 {"alerts", std::move(alerts)}};
  return document.dump() + "\n";
}

Result<SavedAlerts> parse_saved(std::string_view text) {
  constexpr bool kMayThrow = false;
  const json document = text.size() > kMaxSavedBytes
                            ? json(json::value_t::discarded)
                            : json::parse(text, nullptr, kMayThrow);
  if (!document.is_object()) {
    return invalid("not a JSON object of this program");
  }
  const auto version = document.find("version");
  const auto alerts = document.find("alerts");
  const auto saved_at = read_time(document, "saved_at_ms");
  if (version == document.end() || *version != kVersion || !saved_at ||
      alerts == document.end() || !alerts->is_array()) {
    return invalid("not a file of this version");
  }
  SavedAlerts saved{.saved_at = *saved_at, .entries = {}};
  for (const json& alert : *alerts) {
    const auto open_since = read_time(alert, "open_since_ms");
    const auto known_at = read_time(alert, "known_at_ms");
    Entry entry;
    if (!alert.is_object() || !open_since || !known_at ||
        !read_optional_time(alert, "fires_since_ms", entry.fires_since) ||
        !read_optional_time(alert, "closed_since_ms", entry.closed_since)) {
      return invalid("an alert without its times");
    }
    entry.open_since = *open_since;
    entry.known_at = *known_at;
    if (const AlertRow* const row = row_of(alert); row != nullptr) {
      saved.entries[row] = std::move(entry);
    }
  }
  return saved;
}

}  // namespace ssh_keepalive::alertmanager
