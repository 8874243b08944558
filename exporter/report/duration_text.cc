#include "exporter/report/duration_text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace ssh_keepalive {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t seconds;
};

constexpr std::array kUnits = {Unit{"d", 86'400}, Unit{"h", 3600},
                               Unit{"min", 60}, Unit{"s", 1}};
constexpr double kWithFractions = 60;  // below: one decimal
constexpr double kWithSeconds = 120;   // below: seconds alone
constexpr double kCountable = 9.0e15;  // above: doubles skip whole seconds

}  // namespace

std::string duration_text(double seconds) {
  if (std::isnan(seconds)) {
    return "unknown";
  }
  if (seconds < 0) {
    return "-" + duration_text(-seconds);
  }
  if (std::isinf(seconds)) {
    return "never";
  }
  if (seconds >= kCountable) {
    return fmt::format("{:.3g} s", seconds);
  }
  if (seconds > 0 && seconds < 1) {
    return fmt::format("{:.3g} ms", seconds * 1e3);
  }
  if (seconds < kWithFractions && seconds != std::floor(seconds)) {
    return fmt::format("{:.1f} s", seconds);
  }
  auto rest = static_cast<std::int64_t>(std::llround(seconds));
  if (seconds < kWithSeconds) {
    return fmt::format("{} s", rest);
  }
  std::string text;
  for (const Unit& unit : kUnits) {
    if (const std::int64_t count = rest / unit.seconds; count > 0) {
      text += fmt::format("{}{} {}", text.empty() ? "" : " ", count, unit.name);
      rest %= unit.seconds;
    }
  }
  return text;
}

}  // namespace ssh_keepalive
