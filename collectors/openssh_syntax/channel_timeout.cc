#include "collectors/openssh_syntax/channel_timeout.h"

#include <algorithm>

#include "collectors/openssh_syntax/pattern.h"
#include "collectors/openssh_syntax/values.h"

namespace ssh_keepalive::openssh {
namespace {

constexpr Release kFirstWithGlobal{9, 7};
constexpr std::string_view kGlobal = "global";

}  // namespace

std::vector<ChannelTimeout> parse_channel_timeouts(
    std::span<const std::string> words, Release release) {
  std::vector<ChannelTimeout> timeouts;
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) {
      continue;
    }
    if (const auto seconds =
            parse_time(std::string_view(word).substr(equals + 1), release)) {
      timeouts.push_back(
          {.pattern = word.substr(0, equals), .seconds = *seconds});
    }
  }
  return timeouts;
}

std::optional<std::int64_t> channel_timeout(
    std::string_view type, std::span<const ChannelTimeout> timeouts,
    Release release) {
  std::int64_t of_all = 0;
  std::optional<std::int64_t> own;
  for (const ChannelTimeout& timeout : timeouts) {
    if (release >= kFirstWithGlobal && timeout.pattern == kGlobal) {
      of_all = timeout.seconds;
    } else if (!own && match_pattern(type, timeout.pattern)) {
      own = timeout.seconds;
    }
  }
  const std::int64_t of_type = own.value_or(0);
  const std::int64_t first = of_all > 0 && of_type > 0
                                 ? std::min(of_all, of_type)
                                 : std::max(of_all, of_type);
  return first > 0 ? std::optional(first) : std::nullopt;
}

}  // namespace ssh_keepalive::openssh
