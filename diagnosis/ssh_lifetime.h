// What the keepalive messages of SSH make of a session's life, at either end.
// Rules: clientloop.c and serverloop.c of OpenSSH, confirmed by measurement.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_SSH_LIFETIME_H_
#define SSH_KEEPALIVE_DIAGNOSIS_SSH_LIFETIME_H_

#include <cstdint>

#include "collectors/openssh_syntax/version.h"
#include "diagnosis/time_range.h"

namespace ssh_keepalive::diagnosis {

struct SshLifetime {
  // Longest wire silence that the messages let happen between two healthy
  // ends; kNever where none is sent.
  TimeRange refresh_interval;
  // From the peer's last packet until this end gives up on it.
  TimeRange dead_peer_time;

  bool operator==(const SshLifetime&) const = default;
};

// Whether an sshd compares whole seconds, so that each step of ClientAlive
// takes up to twice as long: OpenSSH 9.2 to 9.4.
[[nodiscard]] bool is_doubled(openssh::Release release);

// ClientAliveInterval and ClientAliveCountMax of an sshd from 8.2 on. With a
// count of 0 the messages refresh and never end anything.
[[nodiscard]] SshLifetime client_alive_lifetime(std::int64_t interval_seconds,
                                                std::int64_t count_max,
                                                openssh::Release release);

// ServerAliveInterval and ServerAliveCountMax of ssh. With a count of 0 it
// sends nothing and ends the session, healthy or not, after one silent
// interval.
[[nodiscard]] SshLifetime server_alive_lifetime(std::int64_t interval_seconds,
                                                std::int64_t count_max);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_SSH_LIFETIME_H_
