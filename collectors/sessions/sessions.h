// The SSH connections of a host, one per socket, and what the kernel's timers
// say about each. What a socket tells: linux/inet_diag.h, net/ipv4/tcp_diag.c.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_SESSIONS_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_SESSIONS_H_

#include <prometheus/metric_family.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/netns/name.h"
#include "collectors/sessions/look.h"
#include "collectors/sessions/memory.h"
#include "collectors/sessions/netlink.h"
#include "collectors/sessions/session.h"

namespace ssh_keepalive::sessions {

// Of the host's network namespace, but for the sessions.
struct Facts {
  Source source = Source::kNone;
  // Each socket once: the host's, then those of each other namespace; ordered
  // by cookie, or by inode where there is none.
  std::vector<Session> sessions;
  // Those ports of the set on which this host listens; ascending.
  std::vector<std::uint16_t> listening_ports;
  // With which timers are armed now.
  std::optional<KeepaliveSettings> keepalive_settings;
  // Those that were looked at, whether or not they have sessions.
  std::vector<netns::Name> other_namespaces;

  bool operator==(const Facts&) const = default;
};

// A look at a namespace beside the host's.
struct OtherLook {
  netns::Name netns;
  const Look* look = nullptr;
  Memory* memory = nullptr;  // for the next look at the same namespace
};

// Takes a look at the host's namespace, as take_look() does, adds the others,
// and finds out whose all these sessions are. `memory` is for the next look at
// the same host; it may be null.
std::vector<Error> collect(const HostRoot& root,
                           std::span<const std::uint16_t> ports,
                           const Exchange& exchange, Memory* memory,
                           std::span<const OtherLook> others, Facts& facts);

// A look by netlink between those of collect(), only to fill `memory`: the more
// looks, the better it knows how long sessions are silent. Returns the sessions
// without their owners; nothing while another look is under way, where netlink
// is refused, and where sockets may be missing.
std::optional<std::vector<Session>> observe(
    const HostRoot& root, std::span<const std::uint16_t> ports,
    const Exchange& exchange, Memory& memory);

// Families sessions*; none where nothing is known. Each namespace that was
// looked at has series for servers and clients, and for other roles where its
// sessions have them. Namespaces without series of their own are summed as
// netns="other".
void append_metrics(const Facts& facts,
                    std::vector<prometheus::MetricFamily>& families);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_SESSIONS_H_
