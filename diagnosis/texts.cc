#include "diagnosis/texts.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ssh_keepalive::diagnosis {
namespace {

std::string number_text(Seconds time) {
  constexpr Seconds kWithTenths{10};
  constexpr double kCountable = 9e15;
  const double seconds = std::min(time.count(), kCountable);
  if (time >= kWithTenths) {
    return std::to_string(std::llround(seconds));
  }
  constexpr std::int64_t kTen = 10;
  const std::int64_t tenths = std::llround(seconds * kTen);
  return std::to_string(tenths / kTen) +
         (tenths % kTen == 0 ? "" : "." + std::to_string(tenths % kTen));
}

}  // namespace

std::string seconds_text(Seconds time) {
  return time == kNever ? "never" : number_text(time) + " s";
}

std::string range_text(const TimeRange& range) {
  if (range.is_never()) {
    return "never";
  }
  if (range.latest == kNever) {
    return seconds_text(range.earliest) + " or never";
  }
  const std::string until = seconds_text(range.latest);
  return seconds_text(range.earliest) == until
             ? until
             : number_text(range.earliest) + " to " + until;
}

std::string plain_text(std::string text) {
  constexpr unsigned char kFirstGraphic = 0x20;
  constexpr char kDelete = 0x7f;
  std::ranges::replace_if(
      text,
      [](char c) {
        return static_cast<unsigned char>(c) < kFirstGraphic || c == kDelete;
      },
      '?');
  return text;
}

std::string place_text(const FileLine& place) {
  const std::string file = plain_text(place.file);
  return place.line == 0 ? file : file + ":" + std::to_string(place.line);
}

std::string decided_by(const TimeOfLayer& time) {
  const std::string by = ", by " + std::string(name_of(time.layer));
  if (time.source) {
    return by + " (" + place_text(*time.source) + ")";
  }
  const bool is_kernels = time.layer == Layer::kTcpKeepalive ||
                          time.layer == Layer::kRetransmissionLimit;
  return by + (is_kernels ? "" : " (default)");
}

}  // namespace ssh_keepalive::diagnosis
