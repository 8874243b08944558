// One look at the SSH connections of one network namespace.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_LOOK_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_LOOK_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/netns/name.h"
#include "collectors/sessions/armed_timer.h"
#include "collectors/sessions/clock.h"
#include "collectors/sessions/memory.h"
#include "collectors/sessions/netlink.h"
#include "collectors/sessions/role.h"
#include "collectors/sessions/session.h"
#include "collectors/sessions/socket.h"

namespace ssh_keepalive::sessions {

// Where the sockets came from.
enum class Source : std::uint8_t {
  kNone,        // this root has neither source: nothing is known
  kNetlink,     // or a recording of it
  kProcNetTcp,  // no tcp_info: how silent a connection is, is unknown
};

// All that is read in the namespace; nothing in it was judged yet.
struct Look {
  Source source = Source::kNone;
  // Each once, ordered by cookie, or by inode where there is none.
  std::vector<Socket> sockets;
  bool complete = false;             // no socket can be missing
  std::vector<std::uint16_t> ports;  // that were looked for
  std::optional<KeepaliveSettings> settings;
  EphemeralPorts ephemeral;
  LookTime time;

  // Those ports of the set that somebody listens on; ascending.
  [[nodiscard]] std::vector<std::uint16_t> listening_ports() const;
};

// What is read follows the network namespace of the calling thread. Finds the
// connections with a local or remote port in `ports` (of which the first 64
// different ones count; more are a kLimit error). Falls back from `exchange` to
// /proc/net/tcp where netlink is refused; a root that has neither is no error.
std::vector<Error> take_look(const HostRoot& root,
                             std::span<const std::uint16_t> ports,
                             const Exchange& exchange, const Clock& clock,
                             Look& look);

// The same by netlink alone, and without the errors: nothing where that is not
// possible.
std::optional<Look> take_quick_look(const HostRoot& root,
                                    std::span<const std::uint16_t> ports,
                                    const Exchange& exchange,
                                    const Clock& clock);

// The sessions of that namespace, as far as their sockets and earlier looks
// tell of them. `memory` may be null.
std::vector<Session> interpret(const Look& look, const netns::Name& netns,
                               Memory* memory);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_LOOK_H_
