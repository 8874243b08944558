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

// alive_checks.cc
Findings client_alive_doubled(const CheckInput& input);
Findings client_alive_starved(const CheckInput& input);
Findings count_max_zero(const CheckInput& input);

// sshd_checks.cc
Findings sshd_config_invalid(const CheckInput& input);
Findings sshd_config_stale(const CheckInput& input);
Findings setting_shadowed(const CheckInput& input);
Findings setting_wrong_side(const CheckInput& input);
Findings channel_timeout_inert(const CheckInput& input);

// session_checks.cc
Findings keepalive_off_on_session(const CheckInput& input);
Findings session_outdated(const CheckInput& input);

// kernel_checks.cc
Findings keepalive_probes_zero(const CheckInput& input);
Findings conntrack_timeout_short(const CheckInput& input);
Findings namespace_differs(const CheckInput& input);
Findings sysctl_not_persistent(const CheckInput& input);

// compliance_checks.cc
Findings compliance_unmet(const CheckInput& input);
Findings compliance_conflict(const CheckInput& input);

// The first one asks whether sessions stay intact at all.
inline constexpr std::array kChecks = {
    Check{"refresh_too_late", refresh_too_late},
    Check{"refresh_margin_thin", refresh_margin_thin},
    Check{"tcp_keepalive_through_proxy", tcp_keepalive_through_proxy},
    Check{"outage_tolerance_short", outage_tolerance_short},
    Check{"dead_peer_time_long", dead_peer_time_long},
    Check{"idle_kill_short", idle_kill_short},
    Check{"keepalive_probes_zero", keepalive_probes_zero},
    Check{"keepalive_off_on_session", keepalive_off_on_session},
    Check{"session_outdated", session_outdated},
    Check{"sshd_config_invalid", sshd_config_invalid},
    Check{"sshd_config_stale", sshd_config_stale},
    Check{"setting_shadowed", setting_shadowed},
    Check{"setting_wrong_side", setting_wrong_side},
    Check{"channel_timeout_inert", channel_timeout_inert},
    Check{"client_alive_doubled", client_alive_doubled},
    Check{"client_alive_starved", client_alive_starved},
    Check{"count_max_zero", count_max_zero},
    Check{"conntrack_timeout_short", conntrack_timeout_short},
    Check{"namespace_differs", namespace_differs},
    Check{"sysctl_not_persistent", sysctl_not_persistent},
    Check{"compliance_unmet", compliance_unmet},
    Check{"compliance_conflict", compliance_conflict},
};

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_CHECKS_CHECKS_H_
