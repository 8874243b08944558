#ifndef SSH_KEEPALIVE_DIAGNOSIS_WORST_END_H_
#define SSH_KEEPALIVE_DIAGNOSIS_WORST_END_H_

#include <optional>

#include "diagnosis/report.h"

namespace ssh_keepalive::diagnosis {

// The worst that a role's new sessions meet on this host itself; nothing: none
// of that role is known.
struct WorstEnd {
  std::optional<Seconds> margin;       // the smallest refresh_margin()
  std::optional<TimeRange> tolerance;  // the shortest dead-peer time
};

WorstEnd worst_end(const Report& report, sessions::Role role);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_WORST_END_H_
