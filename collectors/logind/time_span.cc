#include "collectors/logind/time_span.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "collectors/base/number.h"

namespace ssh_keepalive::logind {
namespace {

constexpr std::string_view kWhiteSpace = " \t\n\r";
constexpr std::string_view kDigits = "0123456789";
// systemd's own infinity, which no sum reaches.
constexpr std::uint64_t kInfinity = std::numeric_limits<std::uint64_t>::max();

struct Unit {
  std::string_view name;
  std::uint64_t microseconds;
};

constexpr std::uint64_t kSecond = 1'000'000;
constexpr std::uint64_t kMinute = 60 * kSecond;
constexpr std::uint64_t kHour = 60 * kMinute;
constexpr std::uint64_t kDay = 24 * kHour;
constexpr std::uint64_t kMonth = 2'629'800 * kSecond;
constexpr std::uint64_t kYear = 31'557'600 * kSecond;

// The first name that a text starts with is its unit: a longer one stands
// before a shorter one that it starts with.
constexpr std::array kUnits = {
    Unit{"seconds", kSecond}, Unit{"second", kSecond},
    Unit{"sec", kSecond},     Unit{"s", kSecond},
    Unit{"minutes", kMinute}, Unit{"minute", kMinute},
    Unit{"min", kMinute},     Unit{"months", kMonth},
    Unit{"month", kMonth},    Unit{"M", kMonth},
    Unit{"msec", 1000},       Unit{"ms", 1000},
    Unit{"m", kMinute},       Unit{"hours", kHour},
    Unit{"hour", kHour},      Unit{"hr", kHour},
    Unit{"h", kHour},         Unit{"days", kDay},
    Unit{"day", kDay},        Unit{"d", kDay},
    Unit{"weeks", 7 * kDay},  Unit{"week", 7 * kDay},
    Unit{"w", 7 * kDay},      Unit{"years", kYear},
    Unit{"year", kYear},      Unit{"y", kYear},
    Unit{"usec", 1},          Unit{"us", 1},
    Unit{"\xce\xbcs", 1},  // a Greek mu
    Unit{"\xc2\xb5s", 1},  // the micro sign
};

void skip(std::string_view& text, std::string_view characters) {
  text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
}

std::string_view take_digits(std::string_view& text) {
  const std::string_view digits =
      text.substr(0, std::min(text.find_first_not_of(kDigits), text.size()));
  text.remove_prefix(digits.size());
  return digits;
}

// Adds to `sum`; false where it would become infinity.
bool add(std::uint64_t microseconds, std::uint64_t& sum) {
  if (microseconds >= kInfinity - sum) {
    return false;
  }
  sum += microseconds;
  return true;
}

// A number and its unit at the front of the text; false where it is none or
// makes the sum too large.
bool take_term(std::string_view& text, std::uint64_t& sum) {
  const bool is_signed = text.starts_with('+');
  text.remove_prefix(is_signed ? 1 : 0);
  const std::string_view whole = take_digits(text);
  std::string_view fraction;
  const bool has_point = text.starts_with('.') && !(is_signed && whole.empty());
  if (has_point) {
    text.remove_prefix(1);
    fraction = take_digits(text);
  }
  if (has_point ? fraction.empty() : whole.empty()) {
    return false;
  }
  const auto number = parse_integer<std::int64_t>(whole.empty() ? "0" : whole);
  if (!number) {
    return false;
  }
  const std::size_t before = text.size();
  skip(text, kWhiteSpace);
  std::uint64_t unit = kSecond;
  for (const Unit& row : kUnits) {
    if (text.starts_with(row.name)) {
      unit = row.microseconds;
      text.remove_prefix(row.name.size());
      break;
    }
  }
  if (text.size() == before && !text.empty()) {
    return false;  // "1.2.3"
  }
  const auto count = static_cast<std::uint64_t>(*number);
  if (count >= kInfinity / unit || !add(count * unit, sum)) {
    return false;
  }
  for (const char digit : fraction) {
    unit /= 10;
    if (!add(static_cast<std::uint64_t>(digit - '0') * unit, sum)) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<TimeSpan> parse_time_span(std::string_view text) {
  constexpr std::string_view kName = "infinity";
  skip(text, kWhiteSpace);
  if (text.starts_with(kName)) {
    text.remove_prefix(kName.size());
    skip(text, kWhiteSpace);
    return text.empty() ? std::optional(TimeSpan()) : std::nullopt;
  }
  if (text.empty()) {
    return std::nullopt;
  }
  std::uint64_t sum = 0;
  while (!text.empty()) {
    if (!take_term(text, sum)) {
      return std::nullopt;
    }
    skip(text, kWhiteSpace);
  }
  if (sum >
      static_cast<std::uint64_t>(std::chrono::microseconds::max().count())) {
    return TimeSpan();
  }
  return TimeSpan{
      .length = std::chrono::microseconds(static_cast<std::int64_t>(sum))};
}

}  // namespace ssh_keepalive::logind
