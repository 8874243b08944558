// One SSH connection: its socket, and what can be told from it.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_SESSION_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_SESSION_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "collectors/netns/name.h"
#include "collectors/sessions/owner.h"
#include "collectors/sessions/socket.h"

namespace ssh_keepalive::sessions {

// Which end of the connection this host is. A connection over loopback is
// two sessions, one of each role.
enum class Role : std::uint8_t {
  kServer,
  kClient,
  kForwarded,  // opened by sshd for a client: ProxyJump, port forwarding
  kUnknown,
};

enum class Phase : std::uint8_t { kAuthenticated, kPreauth, kUnknown };

// SO_KEEPALIVE. The kernel does not tell the option itself: a pending
// keepalive timer proves it on, no timer proves it off, and a pending
// retransmission or zero-window timer hides it.
enum class Keepalive : std::uint8_t { kOn, kOff, kHidden };

// The longest time between packets of late: see observation.h.
struct ObservedRefresh {
  milliseconds at_least{0};
  milliseconds at_most{0};
  // Whether the last silences, several in a row, were all as long as that: so
  // keepalives look, and not a user who types. False where looks are too rare
  // to see a silence at all.
  bool regular = false;

  bool operator==(const ObservedRefresh&) const = default;
};

struct Session {
  netns::Name netns;  // of its socket
  Socket socket;
  Role role = Role::kUnknown;
  Phase phase = Phase::kUnknown;
  Keepalive keepalive = Keepalive::kHidden;
  // Nothing: unknown, as without the right to look into processes.
  std::optional<Owner> owner;
  // Whether its keepalive timer runs on tcp_keepalive_time or _intvl as they
  // were: until it fires, the old ones decide. Nothing: unknown.
  std::optional<bool> outdated_sysctl;
  // Only successive looks tell it.
  std::optional<ObservedRefresh> observed_refresh;

  bool operator==(const Session&) const = default;
};

// The names of the reference pages, in metrics as in JSON.
std::string_view name_of(Role role);
std::string_view name_of(Phase phase);
std::string_view name_of(Keepalive keepalive);
std::string_view name_of(TimerKind kind);
std::string_view name_of(TcpState state);  // as in ss(8)'s state filter

// What the pending timer tells of SO_KEEPALIVE.
Keepalive keepalive_of(const Socket& socket);

// An upper bound of the time without any packet: the least of the times since
// data was sent, data was received and an ACK was received. The peer's
// keepalive probes move none of them. Nothing where tcp_info is missing.
std::optional<milliseconds> wire_silence_at_most(const Session& session);

// Whether keepalive probes are under way and unanswered.
bool is_probing(const Session& session);

// Whether unacknowledged data has been sent again at least once.
bool is_retransmitting(const Session& session);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_SESSION_H_
