// What the settings of one program, sshd or ssh, mean to a session of its own.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_SSH_END_H_
#define SSH_KEEPALIVE_DIAGNOSIS_SSH_END_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "collectors/openssh_syntax/channel_timeout.h"
#include "collectors/openssh_syntax/version.h"
#include "collectors/ssh_config/evaluate.h"
#include "collectors/sshd_config/evaluate.h"
#include "diagnosis/mechanism.h"
#include "diagnosis/time_range.h"

namespace ssh_keepalive::diagnosis {

// A limit that ends a session which nobody uses.
struct IdleLimit {
  TimeRange time;  // from the last use until the end
  std::optional<FileLine> source;

  bool operator==(const IdleLimit&) const = default;
};

// The messages that keep alive, and the limits, of one end of a session.
struct SshEnd {
  Layer layer = Layer::kClientAlive;  // of the messages
  bool tcp_keepalive = true;          // whether it sets SO_KEEPALIVE
  // Longest wire silence between two healthy ends.
  TimeRange refresh = kNeverRange;
  // From the peer's last packet until this end sends its first message.
  TimeRange first_message = kNeverRange;
  // From the peer's last packet until this end gives up.
  TimeRange dead_peer = kNeverRange;
  // From the peer's last packet until this end gives up on it, healthy or not:
  // ServerAliveCountMax 0.
  TimeRange healthy_end = kNeverRange;
  std::optional<FileLine> source;  // of the interval

  // Of an sshd. Nothing: no limit. That of a channel is for the kind of
  // channel that the session may have; its end is never where some of them
  // have none.
  std::optional<IdleLimit> login_grace;
  std::optional<IdleLimit> shell_channel;    // with a terminal
  std::optional<IdleLimit> command_channel;  // without one
  std::optional<IdleLimit> unused_connection;

  // Of an ssh. The first one closes its session's channel, the second one a
  // connection that nobody shares.
  std::optional<IdleLimit> own_channel;
  std::optional<IdleLimit> control_persist;

  bool operator==(const SshEnd&) const = default;
};

// Of a valid configuration. ChannelTimeout's kinds of channels are those of
// session.c and channels.c; limits count from a whole second (monotime()), and
// from 9.9 on sshd waits up to 4 s longer for a login.
SshEnd server_end(const sshd_config::Effective& settings,
                  openssh::Release release);

// ssh's settings that matter here.
struct ClientSettings {
  std::int64_t server_alive_interval_seconds = 0;
  std::int64_t server_alive_count_max = 3;
  bool tcp_keepalive = true;
  std::optional<FileLine> source;  // of the interval
  std::vector<openssh::ChannelTimeout> channel_timeouts;
  std::optional<FileLine> channel_timeouts_source;
  std::optional<std::int64_t> control_persist_seconds;  // nothing: for ever
  std::optional<FileLine> control_persist_source;
  // Nothing: it may be any.
  std::optional<ssh_config::SessionKind> session;
  openssh::Version version;
};

// What ChannelTimeout calls the channel depends on the version.
SshEnd client_end(const ClientSettings& settings);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_SSH_END_H_
