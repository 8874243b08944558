// The SSH connections of a host, one per socket, and what the kernel's timers
// say about each. What a socket tells: linux/inet_diag.h, net/ipv4/tcp_diag.c.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_SESSIONS_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_SESSIONS_H_

#include <prometheus/metric_family.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/sessions/netlink.h"
#include "collectors/sessions/port_filter.h"
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

struct Session {
  Socket socket;
  Role role = Role::kUnknown;
  Phase phase = Phase::kUnknown;
  Keepalive keepalive = Keepalive::kHidden;

  bool operator==(const Session&) const = default;
};

// Where the sockets came from.
enum class Source : std::uint8_t {
  kNone,        // this root has neither source: nothing is known
  kNetlink,     // or a recording of it
  kProcNetTcp,  // no tcp_info: how silent a connection is, is unknown
};

struct Facts {
  Source source = Source::kNone;
  // Each socket once, ordered by cookie, or by inode where there is none.
  std::vector<Session> sessions;
  // Those ports of the set on which this host listens; ascending.
  std::vector<std::uint16_t> listening_ports;

  bool operator==(const Facts&) const = default;
};

// The ports from which the kernel picks for outgoing connections, from
// net.ipv4.ip_local_port_range: these are its defaults.
struct EphemeralPorts {
  std::uint16_t first = 32768;
  std::uint16_t last = 60999;

  [[nodiscard]] bool contains(std::uint16_t port) const {
    return first <= port && port <= last;
  }
};

// What earlier looks saw and this one may not: SO_KEEPALIVE of each socket.
// It holds as many entries as the last look had sessions.
class Memory {
 public:
  // Fills in what is hidden, then keeps what is known of `sessions` only.
  void complete(std::vector<Session>& sessions);

 private:
  std::unordered_map<std::uint64_t, Keepalive> keepalive_;
};

// The names of the reference pages, in metrics as in JSON.
std::string_view name_of(Role role);
std::string_view name_of(Phase phase);
std::string_view name_of(Keepalive keepalive);
std::string_view name_of(TimerKind kind);
std::string_view name_of(TcpState state);  // as in ss(8)'s state filter

// The server's end is the one whose port has a listener; without one (sshd
// was stopped, its sessions stay) a port of the set that the kernel would not
// have picked by itself. Otherwise the peer's port decides.
Role role_of(const Socket& socket, const PortSet& ports,
             std::span<const std::uint16_t> listening_ports,
             const EphemeralPorts& ephemeral);

// An upper bound of the time without any packet: the least of the times since
// data was sent, data was received and an ACK was received. The peer's
// keepalive probes move none of them. Nothing where tcp_info is missing.
std::optional<milliseconds> wire_silence_at_most(const Session& session);

// Whether keepalive probes are under way and unanswered.
bool is_probing(const Session& session);

// Whether unacknowledged data has been sent again at least once.
bool is_retransmitting(const Session& session);

// Finds the connections with a local or remote port in `ports` (of which the
// first 64 different ones count; more are a kLimit error). Falls back from
// `exchange` to /proc/net/tcp where netlink is refused; a root that has
// neither is no error. `memory` is for the next look at the same host; it may
// be null.
std::vector<Error> collect(const HostRoot& root,
                           std::span<const std::uint16_t> ports,
                           const Exchange& exchange, Memory* memory,
                           Facts& facts);

// Families sessions*, with netns="host"; none where nothing is known.
// `kernel_sends_probes`: false where tcp_keepalive_probes is 0, which makes
// SO_KEEPALIVE end a connection and never refresh it.
void append_metrics(const Facts& facts, bool kernel_sends_probes,
                    std::vector<prometheus::MetricFamily>& families);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_SESSIONS_H_
