#include "exporter/alertmanager/judge.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "diagnosis/worst_end.h"
#include "exporter/alertmanager/description.h"

namespace ssh_keepalive::alertmanager {
namespace {

using diagnosis::Finding;
using diagnosis::PathSource;
using diagnosis::Report;
using sessions::Role;

std::optional<bool> is_margin_negative(const Report& report) {
  if (report.policy.path_source == PathSource::kAssumed) {
    return false;
  }
  std::optional<bool> is_negative;
  for (const Role role : {Role::kServer, Role::kClient}) {
    const auto margin = worst_end(report, role).margin;
    if (margin) {
      is_negative = is_negative.value_or(false) || margin->count() < 0;
    }
  }
  return is_negative;
}

std::optional<bool> will_lose_sessions(const Facts& facts,
                                       const Report& report) {
  if (report.policy.path_source != PathSource::kConfigured) {
    return false;
  }
  if (!facts.sessions || facts.sessions->source == sessions::Source::kNone) {
    return std::nullopt;
  }
  return std::ranges::any_of(report.sessions, [](const auto& verdict) {
    return verdict.fate.kind == diagnosis::FateKind::kLostByPath;
  });
}

std::optional<bool> does_server_outlive_dead(const Report& report) {
  const auto tolerance = worst_end(report, Role::kServer).tolerance;
  if (!tolerance) {
    return std::nullopt;
  }
  return tolerance->latest > report.policy.maximum_dead_peer_time;
}

std::optional<bool> are_host_probes_zero(const Facts& facts) {
  if (!facts.sysctl) {
    return std::nullopt;
  }
  const auto host = facts.sysctl->find(netns::Name());
  if (host == facts.sysctl->end() || !host->second.keepalive_probes) {
    return std::nullopt;
  }
  return *host->second.keepalive_probes == 0;
}

std::optional<bool> is_invalid_sshd_in_use(const Facts& facts) {
  if (!facts.sshd_config || !facts.sshd_config->processes_visible) {
    return std::nullopt;
  }
  return std::ranges::any_of(
      facts.sshd_config->instances, [](const sshd_config::Instance& instance) {
        return (instance.running || instance.socket_activated) &&
               instance.configuration &&
               instance.configuration->globals.refusal.has_value();
      });
}

bool has_findings(const Report& report, std::string_view check) {
  return std::ranges::find(report.findings, check, &Finding::check) !=
         report.findings.end();
}

// Each is what the rule asks of the metrics beside the finding; nothing:
// unknown.
std::optional<bool> holds(Condition condition, const Facts& facts,
                          const Report& report) {
  switch (condition) {
    case Condition::kNone:
      break;
    case Condition::kPathKnown:
      return report.policy.path_source != PathSource::kAssumed;
    case Condition::kMarginNegative:
      return is_margin_negative(report);
    case Condition::kSessionsLost:
      return will_lose_sessions(facts, report);
    case Condition::kNoComplianceDemand:
      return !has_findings(report, "compliance_conflict");
    case Condition::kServerOutlivesDead:
      return does_server_outlive_dead(report);
    case Condition::kHostProbesZero:
      return are_host_probes_zero(facts);
    case Condition::kInvalidSshdInUse:
      return is_invalid_sshd_in_use(facts);
  }
  return true;
}

AlertState state_of(const AlertRow& row, const Facts& facts,
                    const Report& report) {
  const auto check = std::ranges::find(report.checks, row.check,
                                       &diagnosis::CheckOutcome::name);
  if (check == report.checks.end() || !check->evaluated) {
    return AlertState::kUnknown;
  }
  if (!has_findings(report, row.check)) {
    return AlertState::kClosed;
  }
  const std::optional<bool> is_open = holds(row.condition, facts, report);
  if (!is_open) {
    return AlertState::kUnknown;
  }
  return *is_open ? AlertState::kOpen : AlertState::kClosed;
}

}  // namespace

std::vector<Judged> judge(const Facts& facts, const Report& report) {
  std::vector<Judged> all;
  all.reserve(kAlerts.size());
  for (const AlertRow& row : kAlerts) {
    Judged judged{
        .row = &row, .state = state_of(row, facts, report), .description = {}};
    if (judged.state == AlertState::kOpen) {
      std::vector<Finding> findings;
      std::ranges::copy_if(
          report.findings, std::back_inserter(findings),
          [&row](const Finding& one) { return one.check == row.check; });
      judged.description = description_of(findings);
    }
    all.push_back(std::move(judged));
  }
  return all;
}

bool fails_for_now(const CollectorOutcome& outcome,
                   std::chrono::system_clock::time_point watched_since,
                   std::chrono::system_clock::time_point now) {
  return !outcome.success() &&
         now - outcome.last_success_at.value_or(watched_since) <
             kLongestFailure;
}

}  // namespace ssh_keepalive::alertmanager
