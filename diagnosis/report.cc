#include "diagnosis/report.h"

#include <algorithm>
#include <functional>
#include <iterator>
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
      !client.tcp_keepalive.value || !client.proxied.value ||
      !client.channel_timeouts.value || !client.control_persist.value) {
    return std::nullopt;
  }
  SshEnd end = client_end(
      {.server_alive_interval_seconds = *interval.value,
       .server_alive_count_max = *client.server_alive_count_max.value,
       .tcp_keepalive = *client.tcp_keepalive.value && !*client.proxied.value,
       .source = interval.source,
       .channel_timeouts = *client.channel_timeouts.value,
       .channel_timeouts_source = client.channel_timeouts.source,
       .control_persist_seconds = client.control_persist.value->seconds,
       .control_persist_source = client.control_persist.source,
       .session = client.session,
       .version = client.version});
  if (end.own_channel && !client.session) {
    end.own_channel->time.latest = kNever;  // it may have none
  }
  return end;
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
  static const sysctl::FactsByNetns nothing_known;
  const std::vector<sessions::Session>& all = facts.sessions->sessions;
  SessionJudge judge(facts.sysctl ? *facts.sysctl : nothing_known,
                     report.policy.path,
                     facts.host ? host_limits(*facts.host) : HostLimits{});
  Ends ends;
  report.sessions.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i < facts.live_settings.size()) {
      const live_settings::Settings& own = facts.live_settings[i];
      report.sessions.push_back(judge.judge(all[i], ends.of(own), own.shell));
    } else {
      report.sessions.push_back(judge.judge(all[i], nullptr));
    }
  }
}

// The lines of sysctl.d by which the host's kernel acts: where a line says what
// the kernel has.
class KernelLines {
 public:
  explicit KernelLines(const Facts& facts) {
    if (!facts.host || !facts.sysctl) {
      return;
    }
    const auto host = facts.sysctl->find(netns::Name());
    if (host == facts.sysctl->end()) {
      return;
    }
    for (const sysctl::FileSetting& setting :
         facts.host->sysctl_files.settings) {
      if (setting.source && setting.value == host->second.*setting.live) {
        lines_.emplace(setting.name, *setting.source);
      }
    }
  }

  void add_to(std::optional<TimeOfLayer>& time) const {
    if (time) {
      add_to(time->layer, time->source);
    }
  }
  void add_to(Layer layer, std::optional<FileLine>& source) const {
    const auto line = lines_.find(
        layer == Layer::kTcpKeepalive          ? "net.ipv4.tcp_keepalive_time"
        : layer == Layer::kRetransmissionLimit ? "net.ipv4.tcp_retries2"
                                               : "");
    if (line != lines_.end()) {
      source = line->second;
    }
  }
  void add_to(SessionVerdict& verdict) const {
    add_to(verdict.refresh);
    add_to(verdict.dead_peer);
    if (verdict.fate.by) {
      add_to(*verdict.fate.by, verdict.fate.source);
    }
  }

 private:
  std::map<std::string_view, FileLine> lines_;
};

void add_kernel_lines(const Facts& facts, Report& report) {
  const KernelLines lines(facts);
  for (std::size_t i = 0; i < report.sessions.size(); ++i) {
    if (facts.sessions->sessions[i].netns.is_host()) {
      lines.add_to(report.sessions[i]);
    }
  }
  for (ConfiguredEnd& end : report.configured) {
    if (end.netns.is_host()) {
      lines.add_to(end.verdict);
    }
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
  const Severity gravest = report.findings.empty()
                               ? Severity::kInfo
                               : report.findings.front().severity;
  // The first one asks whether sessions stay intact at all.
  const bool is_answered =
      !report.checks.empty() && report.checks.front().evaluated;
  return is_answered || gravest > Severity::kInfo ? std::optional(gravest)
                                                  : std::nullopt;
}

std::vector<Finding> only_in(const Report& one, const Report& other) {
  std::vector<Finding> findings;
  std::ranges::copy_if(one.findings, std::back_inserter(findings),
                       [&other](const Finding& finding) {
                         return std::ranges::none_of(
                             other.findings, [&](const Finding& another) {
                               return another.check == finding.check &&
                                      another.subject == finding.subject;
                             });
                       });
  return findings;
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
  add_kernel_lines(facts, report);
  run_checks(facts, report);
  return report;
}

}  // namespace ssh_keepalive::diagnosis
