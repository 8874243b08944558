#include "exporter/configuration_own_values.h"

#include <set>

#include "diagnosis/presets.h"
#include "exporter/configuration_values.h"

namespace ssh_keepalive {

Result<std::vector<std::string>> parse_each(
    std::string_view text, Result<std::string> (*parse)(std::string_view)) {
  Result<std::vector<std::string>> words = parse_list(text);
  if (words.ok()) {
    for (const std::string& word : *words) {
      if (const Result<std::string> parsed = parse(word); !parsed.ok()) {
        return parsed.error();
      }
    }
  }
  return words;
}

Result<std::vector<std::string>> parse_urls(std::string_view text) {
  Result<std::vector<std::string>> urls = parse_each(text, parse_url);
  if (urls.ok() &&
      std::set<std::string>(urls->begin(), urls->end()).size() < urls->size()) {
    return Error{.kind = ErrorKind::kInvalid,
                 .reason = "an Alertmanager is given twice"};
  }
  return urls;
}

Result<std::chrono::seconds> parse_short_duration(std::string_view text) {
  Result<std::chrono::seconds> time = parse_duration(text);
  if (time.ok() && *time > std::chrono::hours(24)) {
    return Error{.kind = ErrorKind::kInvalid,
                 .reason = "expected a time of at most a day"};
  }
  return time;
}

Result<PathIdleTimeout> parse_path_idle_timeout(std::string_view text) {
  if (text == "auto") {
    return PathIdleTimeout{};
  }
  if (diagnosis::find_row(diagnosis::kPathPresets, text) != nullptr) {
    return PathIdleTimeout{PathPreset{std::string(text)}};
  }
  const Result<std::chrono::seconds> seconds = parse_duration(text);
  if (!seconds.ok()) {
    return Error{.kind = ErrorKind::kInvalid,
                 .reason = "expected a time, the name of a preset, or auto"};
  }
  return PathIdleTimeout{*seconds};
}

Result<std::string> parse_compliance(std::string_view text) {
  if (text != "none" &&
      diagnosis::find_row(diagnosis::kComplianceProfiles, text) == nullptr) {
    return Error{.kind = ErrorKind::kInvalid,
                 .reason = "expected the name of a profile, or none"};
  }
  return std::string(text);
}

Result<NetnsScan> parse_netns_scan(std::string_view text) {
  if (text == "off") {
    return NetnsScan::kOff;
  }
  if (text == "auto") {
    return NetnsScan::kAuto;
  }
  if (text == "all") {
    return NetnsScan::kAll;
  }
  return Error{.kind = ErrorKind::kInvalid,
               .reason = "expected off, auto or all"};
}

}  // namespace ssh_keepalive
