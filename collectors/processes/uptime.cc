#include "collectors/processes/uptime.h"

#include <algorithm>
#include <cstdint>
#include <ctime>

#include "collectors/base/file.h"
#include "collectors/base/number.h"

namespace ssh_keepalive::processes {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::optional<milliseconds> parse_uptime(std::string_view content) {
  constexpr std::uint32_t kCenturyOfSeconds = 3'153'600'000;
  constexpr std::size_t kHundredthsDigits = 2;
  const std::string_view number = content.substr(0, content.find(' '));
  if (number.size() == content.size()) {
    return std::nullopt;  // the second number is missing
  }
  const std::size_t point = std::min(number.find('.'), number.size());
  const std::string_view fraction =
      number.substr(std::min(point + 1, number.size()));
  const auto whole = parse_integer<std::uint32_t>(number.substr(0, point));
  const auto hundredths = parse_integer<std::uint8_t>(fraction);
  if (!whole || *whole > kCenturyOfSeconds || !hundredths ||
      fraction.size() != kHundredthsDigits) {
    return std::nullopt;
  }
  return seconds(*whole) + milliseconds(*hundredths * 10);
}

std::optional<milliseconds> uptime(const HostRoot& root) {
  if (root.has_running_kernel()) {
    // Containers may see a /proc/uptime of their own (lxcfs), which counts from
    // their start; starts of processes count from the kernel's all the same.
    struct timespec time {};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return seconds(time.tv_sec) + std::chrono::duration_cast<milliseconds>(
                                      std::chrono::nanoseconds(time.tv_nsec));
  }
  const Result<File> file = read_file(root, "/proc/uptime");
  return file.ok() ? parse_uptime(file->bytes) : std::nullopt;
}

}  // namespace ssh_keepalive::processes
