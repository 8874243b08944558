#include "collectors/openssh_syntax/values.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "collectors/base/number.h"

namespace ssh_keepalive::openssh {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<int>::max();
constexpr Release kBounded{8, 5};
constexpr Release kDigitsOnly{9, 8};
constexpr Release kFractions{10, 3};

std::optional<std::int64_t> unit_seconds(char unit) {
  switch (unit) {
    case 's':
    case 'S':
      return 1;
    case 'm':
    case 'M':
      return 60;
    case 'h':
    case 'H':
      return 3600;
    case 'd':
    case 'D':
      return 86'400;
    case 'w':
    case 'W':
      return 604'800;
    default:
      return std::nullopt;
  }
}

// What strtol(3) takes: white space, a sign, digits. Nothing for no digits;
// for what is too large the largest number.
std::optional<std::int64_t> take_integer(std::string_view& text) {
  text.remove_prefix(
      std::min(text.find_first_not_of(" \t\n\v\f\r"), text.size()));
  bool negative = false;
  if (text.starts_with('+') || text.starts_with('-')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  const std::size_t digits =
      std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0) {
    return std::nullopt;
  }
  const auto value = parse_integer<std::int64_t>(text.substr(0, digits));
  text.remove_prefix(digits);
  const std::int64_t bounded =
      value.value_or(std::numeric_limits<std::int64_t>::max());
  return negative ? -bounded : bounded;
}

std::optional<int> parse_whole_time(std::string_view text, Release release) {
  const bool digits_only = release >= kDigitsOnly;
  const bool bounded = release >= kBounded;
  const std::int64_t most =
      bounded ? kMax : std::numeric_limits<std::int64_t>::max();
  const std::int64_t short_of = bounded ? 0 : 1;  // older ones stop before it
  std::int64_t total = 0;
  while (!text.empty()) {
    if (digits_only && (text.front() < '0' || text.front() > '9')) {
      return std::nullopt;
    }
    const auto count = take_integer(text);
    if (!count || *count < 0) {
      return std::nullopt;
    }
    std::optional<std::int64_t> unit = 1;
    if (!text.empty()) {
      unit = unit_seconds(text.front());
      text.remove_prefix(1);
    }
    if (!unit || *count > most / *unit - short_of ||
        total > most - short_of - *count * *unit) {
      return std::nullopt;
    }
    total += *count * *unit;
  }
  // Only before kBounded this cuts anything.
  const auto seconds = static_cast<std::int32_t>(total);
  return seconds == -1 ? std::nullopt : std::optional<int>(seconds);
}

// The grammar of 10.3: plain decimals only, a fraction for seconds only, and
// seconds once.
std::optional<int> parse_decimal_time(std::string_view text) {
  double total = 0;
  bool seen_seconds = false;
  while (!text.empty()) {
    const std::size_t length =
        std::min(text.find_first_not_of("0123456789."), text.size());
    const std::string_view number = text.substr(0, length);
    double count = 0;
    const char* const end = number.data() + number.size();
    const auto [stop, error] =
        std::from_chars(number.data(), end, count, std::chars_format::fixed);
    if (number.empty() || error != std::errc{} || stop != end) {
      return std::nullopt;
    }
    text.remove_prefix(length);
    const auto unit = text.empty() ? 1 : unit_seconds(text.front());
    if (!unit) {
      return std::nullopt;
    }
    const bool fraction = number.find('.') != number.npos;
    if ((fraction && (*unit > 1 || number.back() == '.')) ||
        (*unit == 1 && seen_seconds)) {
      return std::nullopt;
    }
    seen_seconds = seen_seconds || *unit == 1;
    text.remove_prefix(text.empty() ? 0 : 1);
    total += count * static_cast<double>(*unit);
  }
  if (total > static_cast<double>(kMax)) {
    return std::nullopt;
  }
  return static_cast<int>(total);
}

}  // namespace

std::optional<int> parse_time(std::string_view text, Release release) {
  if (text.empty()) {
    return std::nullopt;
  }
  return release >= kFractions ? parse_decimal_time(text)
                               : parse_whole_time(text, release);
}

std::optional<int> parse_count(std::string_view text) {
  const auto value = take_integer(text);
  if (!value || !text.empty() || *value < 0 || *value > kMax) {
    return std::nullopt;
  }
  return static_cast<int>(*value);
}

std::optional<int> parse_port(std::string_view text, const Services& services) {
  constexpr int kMaxPort = 65'535;
  if (const auto number = parse_count(text); number && *number <= kMaxPort) {
    return number;
  }
  return services.tcp_port(text);
}

}  // namespace ssh_keepalive::openssh
