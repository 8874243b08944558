// What the operator wants of sessions, and knows of the path.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_POLICY_H_
#define SSH_KEEPALIVE_DIAGNOSIS_POLICY_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "diagnosis/presets.h"
#include "diagnosis/session_verdict.h"

namespace ssh_keepalive::diagnosis {

// Who says when the path forgets.
enum class PathSource : std::uint8_t {
  kConfigured,
  kDetected,  // by the cloud that the host runs in
  kAssumed,   // nobody: a cautious guess
};

// The name of the reference pages: "assumed".
std::string_view name_of(PathSource source);

// What silences have shown of the path, whatever is said of it.
struct ObservedPath {
  std::optional<Seconds> longest_survived;
  // The shortest that was followed by a reset or a peer that did not answer.
  std::optional<Seconds> shortest_lost;
};

struct Policy {
  Path path;
  ObservedPath observed;
  PathSource path_source = PathSource::kAssumed;
  double safety_margin_ratio = 0.2;  // of the path's timeout
  Seconds minimum_idle{3600};
  Seconds minimum_outage_tolerance{60};
  Seconds maximum_dead_peer_time{10'800};
  const ComplianceProfile* compliance = nullptr;  // null: none
};

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_POLICY_H_
