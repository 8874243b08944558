#include "diagnosis/report.h"

#include <map>
#include <optional>

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

// The longest and the shortest that a shell here may have.
std::optional<IdleLimit> shell_limit(const shell_timeout::Facts& shells) {
  const shell_timeout::Limit& bash = shells.bash;
  if (!bash.timeout) {
    return std::nullopt;
  }
  return IdleLimit{.time = {Seconds(*bash.timeout),
                            bash.uncertain ? kNever : Seconds(*bash.timeout)},
                   .source = bash.source};
}

HostLimits limits_of(const HostFacts& host) {
  HostLimits limits;
  if (host.logind.stop_idle_session && !host.logind.ignored) {
    limits.stop_idle_session =
        IdleLimit{.time = exactly(Seconds(*host.logind.stop_idle_session)),
                  .source = host.logind.source};
  }
  limits.shell_timeout = shell_limit(host.shell_timeout);
  return limits;
}

void judge_sessions(const Facts& facts, Report& report) {
  static const sysctl::FactsByNetns kNothingKnown;
  const std::vector<sessions::Session>& all = facts.sessions->sessions;
  SessionJudge judge(facts.sysctl ? *facts.sysctl : kNothingKnown,
                     report.policy.path,
                     facts.host ? limits_of(*facts.host) : HostLimits{});
  Ends ends;
  report.sessions.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    report.sessions.push_back(judge.judge(
        all[i], i < facts.live_settings.size() ? ends.of(facts.live_settings[i])
                                               : nullptr));
  }
}

}  // namespace

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
  return report;
}

}  // namespace ssh_keepalive::diagnosis
