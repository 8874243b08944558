// What can happen to a session, layer by layer.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_MECHANISM_H_
#define SSH_KEEPALIVE_DIAGNOSIS_MECHANISM_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "collectors/base/file_line.h"
#include "diagnosis/time_range.h"

namespace ssh_keepalive::diagnosis {

enum class Layer : std::uint8_t {
  kTcpKeepalive,         // the kernel's probes
  kRetransmissionLimit,  // the kernel's tcp_retries2
  kClientAlive,          // sshd's messages
  kServerAlive,          // ssh's messages
  kChannelTimeout,
  kUnusedConnectionTimeout,
  kLoginGrace,
  kControlPersist,
  kStopIdleSession,  // systemd-logind
  kShellTimeout,     // TMOUT of sh, autologout of csh
  kConntrack,        // on this host
  kPath,             // a NAT, firewall or proxy on the way
  kObserved,         // whoever sends: told by successive looks
};

// The name of the reference pages: "tcp_keepalive", "client_alive".
std::string_view name_of(Layer layer);

// A time and where it comes from.
struct TimeOfLayer {
  TimeRange time;
  Layer layer = Layer::kTcpKeepalive;
  std::optional<FileLine> source;  // the line that sets it, where one does

  bool operator==(const TimeOfLayer&) const = default;
};

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_MECHANISM_H_
