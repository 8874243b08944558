// THE list of checks. Adding one is a function, a row, and its section in
// docs/checks.md.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_CHECKS_CHECKS_H_
#define SSH_KEEPALIVE_DIAGNOSIS_CHECKS_CHECKS_H_

#include <array>

#include "diagnosis/checks/check.h"

namespace ssh_keepalive::diagnosis {

// path_checks.cc
Findings refresh_too_late(const CheckInput& input);
Findings refresh_margin_thin(const CheckInput& input);
Findings tcp_keepalive_through_proxy(const CheckInput& input);

// time_checks.cc
Findings outage_tolerance_short(const CheckInput& input);
Findings dead_peer_time_long(const CheckInput& input);
Findings idle_kill_short(const CheckInput& input);

inline constexpr std::array kChecks = {
    Check{"refresh_too_late", refresh_too_late},
    Check{"refresh_margin_thin", refresh_margin_thin},
    Check{"tcp_keepalive_through_proxy", tcp_keepalive_through_proxy},
    Check{"outage_tolerance_short", outage_tolerance_short},
    Check{"dead_peer_time_long", dead_peer_time_long},
    Check{"idle_kill_short", idle_kill_short},
};

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_CHECKS_CHECKS_H_
