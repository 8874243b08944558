// All that acts on new sessions of a host, layer by layer.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_LAYERS_H_
#define SSH_KEEPALIVE_DIAGNOSIS_LAYERS_H_

#include <optional>
#include <string>
#include <vector>

#include "diagnosis/report.h"

namespace ssh_keepalive::diagnosis {

// A time that the layer does not have is nothing.
struct LayerTimes {
  Layer layer = Layer::kTcpKeepalive;
  std::string subject;  // "sshd ssh.service"; the kernel's: the namespace
  std::optional<TimeRange> refresh;    // never: it could, but does not
  std::optional<TimeRange> dead_peer;  // alone, without the other layers
  std::optional<TimeRange> idle_kill;
  std::optional<TimeRange> forgets;  // without packets, of a path
  std::optional<FileLine> source;
};

// Whether it could act on a session, but neither refreshes nor ends any.
bool is_off(const LayerTimes& layer);

// Of the kernel, each sshd and profile of ssh, the host, and the path; those
// whose settings are known.
std::vector<LayerTimes> layers_of(const Facts& facts, const Report& report);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_LAYERS_H_
