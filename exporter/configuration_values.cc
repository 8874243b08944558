#include "exporter/configuration_values.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>
#include <optional>

#include "collectors/base/number.h"
#include "exporter/alertmanager/address.h"

namespace ssh_keepalive {
namespace {

Error invalid(std::string reason) {
  return {.kind = ErrorKind::kInvalid, .reason = std::move(reason)};
}

bool is_label_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  return !name.empty() && is_letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) {
           return is_letter(c) ||
                  std::isdigit(static_cast<unsigned char>(c)) != 0;
         });
}

std::optional<std::int64_t> unit_seconds(char unit) {
  switch (std::tolower(static_cast<unsigned char>(unit))) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86'400;
    case 'w':
      return 604'800;
    default:
      return std::nullopt;
  }
}

}  // namespace

Result<bool> parse_switch(std::string_view text) {
  constexpr std::array<std::string_view, 4> kOn = {"on", "yes", "true", "1"};
  constexpr std::array<std::string_view, 4> kOff = {"off", "no", "false", "0"};
  if (std::ranges::find(kOn, text) != kOn.end()) {
    return true;
  }
  if (std::ranges::find(kOff, text) != kOff.end()) {
    return false;
  }
  return invalid("expected on or off");
}

Result<std::string> parse_word(std::string_view text) {
  if (text.empty()) {
    return invalid("expected a word");
  }
  return std::string(text);
}

Result<int> parse_bounded(std::string_view text, int smallest, int largest) {
  const std::optional<int> value = parse_integer<int>(text);
  if (!value || *value < smallest || *value > largest) {
    return invalid("expected a whole number from " + std::to_string(smallest) +
                   " to " + std::to_string(largest));
  }
  return *value;
}

Result<std::chrono::seconds> parse_duration(std::string_view text) {
  const Error expected =
      invalid("expected a time of at least 1 s, like 90, 1m30s or 2h");
  constexpr std::int64_t kMax = std::numeric_limits<std::int32_t>::max();
  std::int64_t total = 0;
  while (!text.empty()) {
    const std::size_t digits =
        std::min(text.find_first_not_of("0123456789"), text.size());
    const auto count = parse_integer<std::int32_t>(text.substr(0, digits));
    text.remove_prefix(digits);
    std::optional<std::int64_t> unit = 1;
    if (!text.empty()) {
      unit = unit_seconds(text.front());
      text.remove_prefix(1);
    }
    if (!count || !unit || *count > (kMax - total) / *unit) {
      return expected;
    }
    total += *count * *unit;
  }
  if (total < 1) {
    return expected;
  }
  return std::chrono::seconds(total);
}

Result<double> parse_ratio(std::string_view text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || !(value >= 0 && value < 1)) {
    return invalid("expected a number of at least 0 and less than 1");
  }
  return value;
}

Result<std::chrono::milliseconds> parse_watch_interval(std::string_view text) {
  double seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (error != std::errc{} || stop != end ||
      !(seconds >= 0.1 && seconds <= 86'400)) {
    return invalid("expected a number of seconds from 0.1 to 86400");
  }
  return std::chrono::round<std::chrono::milliseconds>(
      std::chrono::duration<double>(seconds));
}

Result<std::vector<std::string>> parse_list(std::string_view text) {
  std::vector<std::string> words;
  while (true) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view word = trim(text.substr(0, comma));
    if (word.empty()) {
      return invalid("expected words separated by commas");
    }
    words.emplace_back(word);
    if (comma == text.size()) {
      return words;
    }
    text.remove_prefix(comma + 1);
  }
}

Result<std::vector<std::uint16_t>> parse_ports(std::string_view text) {
  const Result<std::vector<std::string>> words = parse_list(text);
  std::vector<std::uint16_t> ports;
  for (const std::string& word :
       words.ok() ? *words : std::vector<std::string>{""}) {
    const auto port = parse_integer<std::uint16_t>(word);
    if (!port || *port == 0) {
      return invalid("expected ports from 1 to 65535 separated by commas");
    }
    ports.push_back(*port);
  }
  return ports;
}

Result<std::vector<std::pair<std::string, std::string>>> parse_labels(
    std::string_view text) {
  const Result<std::vector<std::string>> words = parse_list(text);
  std::vector<std::pair<std::string, std::string>> labels;
  for (const std::string& word :
       words.ok() ? *words : std::vector<std::string>{""}) {
    const std::size_t equals = word.find('=');
    const std::string_view name =
        trim(std::string_view(word).substr(0, equals));
    if (equals == std::string::npos || !is_label_name(name)) {
      return invalid("expected NAME=VALUE pairs separated by commas");
    }
    if (name == "alertname" || name == "check" || name == "severity") {
      return invalid("alertname, check and severity are the alert's own");
    }
    if (std::ranges::find(labels, name,
                          &std::pair<std::string, std::string>::first) !=
        labels.end()) {
      return invalid("the label " + std::string(name) + " is given twice");
    }
    labels.emplace_back(name, trim(std::string_view(word).substr(equals + 1)));
  }
  return labels;
}

Result<std::string> parse_absolute_path(std::string_view text) {
  if (!text.starts_with('/')) {
    return invalid("expected an absolute path");
  }
  return std::string(text);
}

Result<std::string> parse_file_or_none(std::string_view text) {
  if (text == "none") {
    return std::string();
  }
  if (!text.starts_with('/') || text.ends_with('/')) {
    return invalid("expected the absolute path of a file, or none");
  }
  return std::string(text);
}

Result<std::string> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  const bool has_port =
      colon != std::string_view::npos &&
      parse_integer<std::uint16_t>(text.substr(colon + 1)).has_value();
  const std::string_view host = text.substr(0, has_port ? colon : 0);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (!has_port || (!bracketed && host.find(':') != host.npos)) {
    return invalid("expected HOST:PORT or :PORT");
  }
  return std::string(text);
}

Result<std::string> parse_telemetry_path(std::string_view text) {
  const bool reserved = text == "/" || text.starts_with("/-/") ||
                        text == "/api" || text.starts_with("/api/");
  if (!text.starts_with('/') || reserved ||
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW"
                             "XYZ0123456789/_-.~") != text.npos ||
      text.find("//") != text.npos || text.find("..") != text.npos) {
    return invalid(
        "expected a plain path like /metrics that is not /, /-/… or /api/…");
  }
  return std::string(text);
}

Result<std::string> parse_url(std::string_view text) {
  const auto address = alertmanager::parse_address(text);
  return address.ok() ? Result<std::string>(std::string(text))
                      : address.error();
}

}  // namespace ssh_keepalive
