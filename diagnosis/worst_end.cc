#include "diagnosis/worst_end.h"

#include <algorithm>

namespace ssh_keepalive::diagnosis {

WorstEnd worst_end(const Report& report, sessions::Role role) {
  WorstEnd worst;
  for (const ConfiguredEnd& end : report.configured) {
    if (end.role != role || !end.netns.is_host()) {
      continue;
    }
    if (const auto& dead = end.verdict.dead_peer) {
      worst.tolerance =
          worst.tolerance ? first_of(*worst.tolerance, dead->time) : dead->time;
    }
    if (const auto left = refresh_margin(end, report.policy)) {
      worst.margin = worst.margin ? std::min(*worst.margin, *left) : *left;
    }
  }
  return worst;
}

}  // namespace ssh_keepalive::diagnosis
