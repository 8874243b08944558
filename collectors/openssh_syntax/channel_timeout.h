// ChannelTimeout of sshd_config(5) and ssh_config(5).
#ifndef SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_CHANNEL_TIMEOUT_H_
#define SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_CHANNEL_TIMEOUT_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/openssh_syntax/version.h"

namespace ssh_keepalive::openssh {

// One word TYPE=TIME.
struct ChannelTimeout {
  std::string pattern;
  std::int64_t seconds = 0;  // 0: never

  bool operator==(const ChannelTimeout&) const = default;
};

// Words that OpenSSH takes: others are passed over, as "none" is.
std::vector<ChannelTimeout> parse_channel_timeouts(
    std::span<const std::string> words, Release release);

// After how many seconds without data a channel of that type is closed, by the
// rules of channels.c: the first pattern that matches, and from 9.7 on also
// "global", of which the last counts. Nothing: never.
std::optional<std::int64_t> channel_timeout(
    std::string_view type, std::span<const ChannelTimeout> timeouts,
    Release release);

}  // namespace ssh_keepalive::openssh

#endif  // SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_CHANNEL_TIMEOUT_H_
