#include "exporter/report/json_values.h"

#include <cmath>

namespace ssh_keepalive {
namespace {

using nlohmann::ordered_json;

// To a millisecond, which is what sockets tell. Never: no number.
ordered_json number_json(diagnosis::Seconds time) {
  constexpr double kMilli = 1e3;
  if (time == diagnosis::kNever) {
    return nullptr;
  }
  return std::round(time.count() * kMilli) / kMilli;
}

}  // namespace

void add_range(const diagnosis::TimeRange& range, ordered_json& json) {
  json["earliest_seconds"] = number_json(range.earliest);
  json["latest_seconds"] = number_json(range.latest);
}

ordered_json range_json(const std::optional<diagnosis::TimeRange>& range) {
  if (!range) {
    return {{"kind", "unknown"}};
  }
  if (range->is_never()) {
    return {{"kind", "never"}};
  }
  ordered_json json = {{"kind", "known"}};
  add_range(*range, json);
  return json;
}

ordered_json source_json(const std::optional<FileLine>& source) {
  if (!source) {
    return nullptr;
  }
  return {{"file", source->file}, {"line", source->line}};
}

ordered_json time_json(const std::optional<diagnosis::TimeOfLayer>& time) {
  ordered_json json =
      range_json(time ? std::optional(time->time) : std::nullopt);
  json["by"] = nullptr;
  json["source"] = nullptr;
  if (time && !time->time.is_never()) {
    json["by"] = name_of(time->layer);
    json["source"] = source_json(time->source);
  }
  return json;
}

std::string text_of(const ordered_json& document, bool on_one_line) {
  // Names of processes and users are any bytes.
  return document.dump(on_one_line ? -1 : 2, ' ', false,
                       ordered_json::error_handler_t::replace) +
         '\n';
}

}  // namespace ssh_keepalive
