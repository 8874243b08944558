// The grammar of the values in the configuration file and of the flags that
// say the same.
#ifndef SSH_KEEPALIVE_EXPORTER_CONFIGURATION_VALUES_H_
#define SSH_KEEPALIVE_EXPORTER_CONFIGURATION_VALUES_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collectors/base/result.h"

namespace ssh_keepalive {

// All of them: error kInvalid whose `reason` says what would be right.

// "on", "yes", "true", "1" and their opposites.
Result<bool> parse_switch(std::string_view text);

// Any text but the empty one.
Result<std::string> parse_word(std::string_view text);

// A whole number from `smallest` to `largest`.
Result<int> parse_bounded(std::string_view text, int smallest, int largest);

// Seconds, or OpenSSH's time format: "90", "1m30s", "2h". At least 1 s, at
// most 2^31-1 s.
Result<std::chrono::seconds> parse_duration(std::string_view text);

// A number of at least 0 and less than 1.
Result<double> parse_ratio(std::string_view text);

// Seconds, which may have a fraction, from 0.1 to 86400.
Result<std::chrono::milliseconds> parse_watch_interval(std::string_view text);

// Comma-separated words without the white space around them; none empty.
Result<std::vector<std::string>> parse_list(std::string_view text);

// Comma-separated TCP ports, 1 to 65535.
Result<std::vector<std::uint16_t>> parse_ports(std::string_view text);

// Comma-separated NAME=VALUE with Prometheus label names, each given once and
// none of those that alerts have anyway.
Result<std::vector<std::pair<std::string, std::string>>> parse_labels(
    std::string_view text);

// An absolute path without a NUL byte.
Result<std::string> parse_absolute_path(std::string_view text);

// The absolute path of a file; empty for `none`.
Result<std::string> parse_file_or_none(std::string_view text);

// "host:port", ":port", "[v6]:port": the shape only, no look-up.
Result<std::string> parse_listen_address(std::string_view text);

// A path of the HTTP server that is not one of its own ("/", "/-/…", "/api/…").
Result<std::string> parse_telemetry_path(std::string_view text);

// The URL of an Alertmanager: see alertmanager/address.h. No error quotes it.
Result<std::string> parse_url(std::string_view text);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CONFIGURATION_VALUES_H_
