#include "diagnosis/report.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "diagnosis/checks/checks.h"
#include "diagnosis/host_limits.h"

namespace ssh_keepalive::diagnosis {
namespace {

// Nothing where a setting is unknown that it needs.
std::optional<SshEnd> live_client_end(const ssh_config::LiveClient& client) {
  const auto& interval = client.server_alive_interval_seconds;
  if (!interval.value || !client.server_alive_count_max.value ||
      !client.tcp_keepalive.value || !client.proxied.value) {
    return std::nullopt;
  }
  return client_end(
      {.server_alive_interval_seconds = *interval.value,
       .server_alive_count_max = *client.server_alive_count_max.value,
       .tcp_keepalive = *client.tcp_keepalive.value && !*client.proxied.value,
       .source = interval.source});
}

// What the settings of each live session mean; many share theirs. Valid until
// the next call; null where they are unknown.
class Ends {
 public:
  const SshEnd* of(const live_settings::Settings& settings) {
    if (settings.client != nullptr) {
      client_ = live_client_end(*settings.client);
      return client_ ? &*client_ : nullptr;
    }
    if (settings.server == nullptr) {
      return nullptr;
    }
    const auto place = servers_.try_emplace(settings.server.get());
    if (place.second) {
      place.first->second =
          server_end(settings.server->effective, settings.server->release);
    }
    return &place.first->second;
  }

 private:
  std::map<const live_settings::ServerSettings*, SshEnd> servers_;
  std::optional<SshEnd> client_;
};

void judge_sessions(const Facts& facts, Report& report) {
  static const sysctl::FactsByNetns kNothingKnown;
  const std::vector<sessions::Session>& all = facts.sessions->sessions;
  SessionJudge judge(facts.sysctl ? *facts.sysctl : kNothingKnown,
                     report.policy.path,
                     facts.host ? host_limits(*facts.host) : HostLimits{});
  Ends ends;
  report.sessions.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    report.sessions.push_back(judge.judge(
        all[i], i < facts.live_settings.size() ? ends.of(facts.live_settings[i])
                                               : nullptr));
  }
}

void run_checks(const Facts& facts, Report& report) {
  const CheckInput input{.facts = facts,
                         .policy = report.policy,
                         .configured = report.configured,
                         .sessions = report.sessions};
  for (const Check& check : kChecks) {
    Findings findings = check.run(input);
    report.checks.push_back(
        {.name = check.name, .evaluated = findings.has_value()});
    if (findings) {
      for (Finding& finding : *findings) {
        finding.check = check.name;
        report.findings.push_back(std::move(finding));
      }
    }
  }
  std::ranges::stable_sort(report.findings, std::ranges::greater(),
                           &Finding::severity);
}

}  // namespace

std::optional<Severity> verdict_of(const Report& report) {
  if (std::ranges::none_of(report.checks, &CheckOutcome::evaluated)) {
    return std::nullopt;
  }
  return report.findings.empty() ? Severity::kInfo
                                 : report.findings.front().severity;
}

std::string_view name_of(PathSource source) {
  switch (source) {
    case PathSource::kConfigured:
      return "configured";
    case PathSource::kDetected:
      return "detected";
    case PathSource::kAssumed:
      break;
  }
  return "assumed";
}

Report diagnose(const Facts& facts, const Policy& policy) {
  Report report{
      .policy = policy, .configured = configured_ends(facts), .sessions = {}};
  if (facts.sessions) {
    judge_sessions(facts, report);
  }
  run_checks(facts, report);
  return report;
}

}  // namespace ssh_keepalive::diagnosis
