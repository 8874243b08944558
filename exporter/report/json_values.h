// Times and places in the JSON of the reference pages.
#ifndef SSH_KEEPALIVE_EXPORTER_REPORT_JSON_VALUES_H_
#define SSH_KEEPALIVE_EXPORTER_REPORT_JSON_VALUES_H_

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "diagnosis/mechanism.h"

namespace ssh_keepalive {

// earliest_seconds and latest_seconds; null is never.
void add_range(const diagnosis::TimeRange& range, nlohmann::ordered_json& json);

// {"kind", …}; nothing is unknown.
nlohmann::ordered_json range_json(
    const std::optional<diagnosis::TimeRange>& range);

// The same with "by" and "source".
nlohmann::ordered_json time_json(
    const std::optional<diagnosis::TimeOfLayer>& time);

// {"file", "line"}, or null.
nlohmann::ordered_json source_json(const std::optional<FileLine>& source);

template <typename All, typename ToJson>
nlohmann::ordered_json list_of(const All& all, ToJson to_json) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const auto& one : all) {
    list.push_back(to_json(one));
  }
  return list;
}

// With a line break at its end; bytes that are no UTF-8 are replaced.
std::string text_of(const nlohmann::ordered_json& document, bool on_one_line);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_REPORT_JSON_VALUES_H_
