#include "diagnosis/ssh_end.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "diagnosis/ssh_lifetime.h"

namespace ssh_keepalive::diagnosis {
namespace {

constexpr openssh::Release kFirstWithJitter{9, 9};
constexpr Seconds kLoginJitter{4};

// A clock of whole seconds may have been up to this far ahead.
constexpr Seconds kWholeSecond{1};

constexpr std::string_view kShell = "session:shell";
constexpr std::string_view kCommand = "session:command";
constexpr std::string_view kSftp = "session:subsystem:sftp";
constexpr std::array kWithTerminal = {kShell, kCommand};
constexpr std::array kWithoutTerminal = {kCommand, kSftp, kShell};

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

// Any of these channels.
std::optional<IdleLimit> channel_limit(
    std::span<const std::string_view> channels,
    std::span<const openssh::ChannelTimeout> timeouts, openssh::Release release,
    std::optional<FileLine> source) {
  TimeRange any{kNever, Seconds(0)};
  for (const std::string_view channel : channels) {
    const auto timeout = openssh::channel_timeout(channel, timeouts, release);
    const Seconds time = timeout ? seconds(*timeout) : kNever;
    any.earliest = std::min(any.earliest, time);
    any.latest = std::max(any.latest, time);
  }
  if (any.is_never()) {
    return std::nullopt;
  }
  any.earliest = in_whole_seconds(any.earliest).earliest;
  return IdleLimit{.time = any, .source = std::move(source)};
}

// What ChannelTimeout calls the channel of an ssh's session.
std::vector<std::string_view> channels_of(const ClientSettings& settings) {
  using ssh_config::SessionKind;
  if (settings.session == SessionKind::kNone) {
    return {};
  }
  if (!openssh::has_client_channel_types(settings.version)) {
    return {"session"};
  }
  if (settings.session == SessionKind::kShell) {
    return {kShell};
  }
  if (settings.session == SessionKind::kCommand) {
    return {kCommand};
  }
  if (settings.session == SessionKind::kSubsystem) {
    return {kSftp};
  }
  return {kShell, kCommand, kSftp};
}

}  // namespace

SshEnd server_end(const sshd_config::Effective& settings,
                  openssh::Release release) {
  const auto& timeouts = settings.channel_timeouts;
  const std::vector<openssh::ChannelTimeout> channels =
      openssh::parse_channel_timeouts(timeouts.value, release);
  const std::optional<FileLine> place = place_of(timeouts.source);
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
      .shell_channel = channel_limit(kWithTerminal, channels, release, place),
      .command_channel =
          channel_limit(kWithoutTerminal, channels, release, place),
      .unused_connection = {},
      .own_channel = {},
      .control_persist = {}};
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
             .unused_connection = {},
             .own_channel = channel_limit(
                 channels_of(settings), settings.channel_timeouts,
                 settings.version.release, settings.channel_timeouts_source),
             .control_persist = {}};
  using ssh_config::SessionKind;
  if (settings.control_persist_seconds.value_or(0) > 0 &&
      settings.session.value_or(SessionKind::kNone) == SessionKind::kNone) {
    end.control_persist = {
        .time = in_whole_seconds(seconds(*settings.control_persist_seconds)),
        .source = settings.control_persist_source};
  }
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
