// THE list of the alerts that the exporter sends itself. They are those that
// alerts/rules makes of findings, by the same names, severities and times, so
// that one that comes both ways is one; a test holds this list, the rules and
// docs/alerts.md equal. A check without a row is a matter of dashboards.
#ifndef SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_ALERT_TABLE_H_
#define SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_ALERT_TABLE_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "diagnosis/finding.h"

namespace ssh_keepalive::alertmanager {

// What must hold besides that the check has findings: see conditions.h.
enum class Condition : std::uint8_t {
  kNone,
  kPathKnown,           // the path's timeout is not merely assumed
  kMarginNegative,      // that, and an end's refresh margin is below 0
  kSessionsLost,        // the timeout is configured, and a session will be lost
  kNoComplianceDemand,  // no finding of compliance_conflict
  kServerOutlivesDead,  // sshd and kernel keep dead sessions for too long
  kHostProbesZero,      // it is the host's own network namespace
  kInvalidSshdInUse,    // that sshd runs, or systemd starts it
};

struct AlertRow {
  std::string_view check;
  std::string_view name;  // label alertname
  diagnosis::Severity severity = diagnosis::Severity::kWarning;
  Condition condition = Condition::kNone;
  std::chrono::minutes hold{};  // before it fires: the rule's `for`
  std::chrono::minutes keep{};  // before it resolves: `keep_firing_for`
  std::string_view summary;
};

namespace detail {

using diagnosis::Severity;
using std::chrono::minutes;

// clang-format off
inline constexpr auto kAlerts = std::to_array<AlertRow>({
    {"refresh_too_late", "SSHKeepaliveRefreshTooLate",
     Severity::kWarning, Condition::kPathKnown, minutes(15), minutes(10),
     "Idle SSH sessions are refreshed after the path has forgotten them."},
    {"refresh_too_late", "SSHKeepaliveRefreshTooLate",
     Severity::kCritical, Condition::kSessionsLost, minutes(15), minutes(10),
     "Idle SSH sessions are refreshed after the path has forgotten them."},
    {"refresh_margin_thin", "SSHKeepaliveRefreshMarginThin",
     Severity::kWarning, Condition::kMarginNegative, minutes(15), minutes(10),
     "Idle SSH sessions are refreshed with hardly any time to spare."},
    {"tcp_keepalive_through_proxy", "SSHKeepaliveTcpKeepaliveThroughProxy",
     Severity::kWarning, Condition::kNone, minutes(15), minutes(10),
     "Only TCP keepalive refreshes sessions, and a proxy does not pass "
     "it on."},
    {"conntrack_timeout_short", "SSHKeepaliveConntrackTimeoutShort",
     Severity::kWarning, Condition::kNone, minutes(15), minutes(10),
     "Connection tracking on this host forgets SSH sessions that are "
     "still open."},
    {"keepalive_off_on_session", "SSHKeepaliveKeepaliveOffOnSession",
     Severity::kWarning, Condition::kPathKnown, minutes(30), minutes(10),
     "Open SSH sessions exist that nothing at this end refreshes."},
    {"idle_kill_short", "SSHKeepaliveIdleKillShort",
     Severity::kWarning, Condition::kNoComplianceDemand, minutes(15), minutes(10),
     "Idle users are logged out sooner than the policy allows."},
    {"outage_tolerance_short", "SSHKeepaliveOutageToleranceShort",
     Severity::kWarning, Condition::kNone, minutes(15), minutes(10),
     "SSH sessions end in network outages that they should survive."},
    {"dead_peer_time_long", "SSHKeepaliveDeadPeerTimeLong",
     Severity::kWarning, Condition::kServerOutlivesDead, minutes(60), minutes(10),
     "Sessions of vanished clients are kept for too long, or for ever."},
    {"keepalive_probes_zero", "SSHKeepaliveKeepaliveProbesZero",
     Severity::kWarning, Condition::kNone, minutes(5), minutes(10),
     "The kernel resets every idle connection, since "
     "tcp_keepalive_probes is 0."},
    {"keepalive_probes_zero", "SSHKeepaliveKeepaliveProbesZero",
     Severity::kCritical, Condition::kHostProbesZero, minutes(5), minutes(10),
     "The kernel resets every idle connection, since "
     "tcp_keepalive_probes is 0."},
    {"count_max_zero", "SSHKeepaliveCountMaxZero",
     Severity::kWarning, Condition::kNone, minutes(15), minutes(10),
     "A CountMax of 0 does not mean what it seems to mean."},
    {"sshd_config_invalid", "SSHKeepaliveSshdConfigInvalid",
     Severity::kWarning, Condition::kNone, minutes(10), minutes(10),
     "The sshd would not start again with the configuration it has."},
    {"sshd_config_invalid", "SSHKeepaliveSshdConfigInvalid",
     Severity::kCritical, Condition::kInvalidSshdInUse, minutes(10), minutes(10),
     "The sshd would not start again with the configuration it has."},
    {"setting_wrong_side", "SSHKeepaliveSettingWrongSide",
     Severity::kWarning, Condition::kNone, minutes(15), minutes(10),
     "A setting of the ssh client stands in sshd's file, or the other "
     "way round."},
    {"sshd_config_stale", "SSHKeepaliveSshdConfigStale",
     Severity::kWarning, Condition::kNone, minutes(60), minutes(10),
     "A running sshd has not loaded what its files say now."},
    {"channel_timeout_inert", "SSHKeepaliveChannelTimeoutInert",
     Severity::kWarning, Condition::kNone, minutes(15), minutes(10),
     "A ChannelTimeout matches no channel and does nothing."},
    {"setting_shadowed", "SSHKeepaliveSettingShadowed",
     Severity::kInfo, Condition::kNone, minutes(60), minutes(10),
     "Lines of the configuration of SSH never act."},
    {"sysctl_not_persistent", "SSHKeepaliveSysctlNotPersistent",
     Severity::kInfo, Condition::kNone, minutes(60), minutes(10),
     "A keepalive setting of the kernel changes with the next boot."},
    {"compliance_unmet", "SSHKeepaliveComplianceUnmet",
     Severity::kWarning, Condition::kNone, minutes(60), minutes(10),
     "The host does not keep the compliance profile that it is "
     "configured for."},
});
// clang-format on

}  // namespace detail

using detail::kAlerts;

}  // namespace ssh_keepalive::alertmanager

#endif  // SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_ALERT_TABLE_H_
