// The grammar of values that one key of the configuration file alone has.
#ifndef SSH_KEEPALIVE_EXPORTER_CONFIGURATION_OWN_VALUES_H_
#define SSH_KEEPALIVE_EXPORTER_CONFIGURATION_OWN_VALUES_H_

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/result.h"
#include "exporter/settings.h"

namespace ssh_keepalive {

// All of them: error kInvalid whose `reason` says what would be right.

// Comma-separated values, each as `parse` wants it.
Result<std::vector<std::string>> parse_each(
    std::string_view text, Result<std::string> (*parse)(std::string_view));

// Of Alertmanagers, each once.
Result<std::vector<std::string>> parse_urls(std::string_view text);

// A duration of at most a day.
Result<std::chrono::seconds> parse_short_duration(std::string_view text);

// A duration, the name of a preset, or "auto".
Result<PathIdleTimeout> parse_path_idle_timeout(std::string_view text);

// The name of a profile, or "none".
Result<std::string> parse_compliance(std::string_view text);

// "off", "auto" or "all".
Result<NetnsScan> parse_netns_scan(std::string_view text);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CONFIGURATION_OWN_VALUES_H_
