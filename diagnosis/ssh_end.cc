#include "diagnosis/ssh_end.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/openssh_syntax/pattern.h"
#include "collectors/openssh_syntax/values.h"
#include "diagnosis/ssh_lifetime.h"

namespace ssh_keepalive::diagnosis {
namespace {

constexpr openssh::Release kFirstWithJitter{9, 9};
constexpr Seconds kLoginJitter{4};

// A clock of whole seconds may have been up to this far ahead.
constexpr Seconds kWholeSecond{1};

constexpr std::array<std::string_view, 2> kWithTerminal = {"session:shell",
                                                           "session:command"};
constexpr std::array<std::string_view, 3> kWithoutTerminal = {
    "session:command", "session:subsystem:sftp", "session:shell"};

std::optional<FileLine> place_of(
    const std::optional<sshd_config::Source>& source) {
  if (!source) {
    return std::nullopt;
  }
  return FileLine{.file = source->file, .line = source->line};
}

TimeRange in_whole_seconds(Seconds time) {
  return {std::max(time - kWholeSecond, Seconds(0)), time};
}

Seconds seconds(std::int64_t count) {
  return Seconds(static_cast<double>(count));
}

// Of the first word whose pattern matches; kNever where none does, or it is 0.
Seconds timeout_of(std::string_view channel,
                   const std::vector<std::string>& words,
                   openssh::Release release) {
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    if (equals != std::string::npos &&
        openssh::match_pattern(channel, word.substr(0, equals))) {
      const auto time = openssh::parse_time(
          std::string_view(word).substr(equals + 1), release);
      return time.value_or(0) > 0 ? seconds(*time) : kNever;
    }
  }
  return kNever;
}

// Any of these channels.
std::optional<IdleLimit> channel_limit(
    std::span<const std::string_view> channels,
    const sshd_config::Effective& settings, openssh::Release release) {
  TimeRange any{kNever, Seconds(0)};
  for (const std::string_view channel : channels) {
    const Seconds timeout =
        timeout_of(channel, settings.channel_timeouts.value, release);
    any.earliest = std::min(any.earliest, timeout);
    any.latest = std::max(any.latest, timeout);
  }
  if (any.is_never()) {
    return std::nullopt;
  }
  any.earliest = in_whole_seconds(any.earliest).earliest;
  return IdleLimit{.time = any,
                   .source = place_of(settings.channel_timeouts.source)};
}

}  // namespace

SshEnd server_end(const sshd_config::Effective& settings,
                  openssh::Release release) {
  const SshLifetime lifetime =
      client_alive_lifetime(settings.client_alive_interval_seconds.value,
                            settings.client_alive_count_max.value, release);
  SshEnd end{
      .layer = Layer::kClientAlive,
      .tcp_keepalive = settings.tcp_keepalive.value,
      .refresh = lifetime.refresh_interval,
      .first_message = lifetime.refresh_interval,
      .dead_peer = lifetime.dead_peer_time,
      .source = place_of(settings.client_alive_interval_seconds.source),
      .login_grace = {},
      .shell_channel = channel_limit(kWithTerminal, settings, release),
      .command_channel = channel_limit(kWithoutTerminal, settings, release),
      .unused_connection = {}};
  if (const int grace = settings.login_grace_seconds.value; grace > 0) {
    const bool jitters = release >= kFirstWithJitter;
    end.login_grace = {
        .time = {seconds(grace),
                 seconds(grace) + (jitters ? kLoginJitter : Seconds(0))},
        .source = place_of(settings.login_grace_seconds.source)};
  }
  if (const int unused = settings.unused_connection_timeout_seconds.value;
      unused > 0) {
    end.unused_connection = {
        .time = in_whole_seconds(seconds(unused)),
        .source = place_of(settings.unused_connection_timeout_seconds.source)};
  }
  return end;
}

SshEnd client_end(const ClientSettings& settings) {
  const SshLifetime lifetime = server_alive_lifetime(
      settings.server_alive_interval_seconds, settings.server_alive_count_max);
  SshEnd end{.layer = Layer::kServerAlive,
             .tcp_keepalive = settings.tcp_keepalive,
             .refresh = lifetime.refresh_interval,
             .source = settings.source,
             .login_grace = {},
             .shell_channel = {},
             .command_channel = {},
             .unused_connection = {}};
  if (settings.server_alive_interval_seconds <= 0) {
    return end;
  }
  end.dead_peer = in_whole_seconds(lifetime.dead_peer_time.latest);
  if (settings.server_alive_count_max <= 0) {
    end.healthy_end = end.dead_peer;
  } else {
    end.first_message =
        in_whole_seconds(seconds(settings.server_alive_interval_seconds));
  }
  return end;
}

}  // namespace ssh_keepalive::diagnosis
