// How long sessions outlive an outage, a peer that is gone, and a user's pause.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "collectors/openssh_syntax/values.h"
#include "diagnosis/checks/checks.h"
#include "diagnosis/checks/ends.h"
#include "diagnosis/host_limits.h"
#include "diagnosis/remedies.h"
#include "diagnosis/texts.h"

namespace ssh_keepalive::diagnosis {
namespace {

// What ends a new session whose peer is gone, made to take `wanted`.
std::optional<Remedy> longer_remedy(const CheckInput& input,
                                    const ConfiguredEnd& end, Seconds wanted) {
  constexpr std::int64_t kDefaultRetries = 15;
  const sysctl::Facts* const kernel = [&]() -> const sysctl::Facts* {
    if (!input.facts.sysctl) {
      return nullptr;
    }
    const auto found = input.facts.sysctl->find(end.netns);
    return found == input.facts.sysctl->end() ? nullptr : &found->second;
  }();
  switch (end.verdict.dead_peer->layer) {
    case Layer::kClientAlive:
    case Layer::kServerAlive: {
      const double interval =
          end.instance != nullptr
              ? end.instance->configuration->globals.effective
                    .client_alive_interval_seconds.value
              : static_cast<double>(
                    *end.profile->server_alive_interval_seconds);
      // One more than that many intervals, and ssh may be a second early.
      const auto count = static_cast<std::int64_t>(
          std::ceil((wanted.count() + 1) / std::max(interval, 1.0)) - 1);
      return count_max_remedy(input.facts, end,
                              std::max<std::int64_t>(count, 1));
    }
    case Layer::kRetransmissionLimit:
      return sysctl_remedy(input.facts, "net.ipv4.tcp_retries2",
                           kDefaultRetries);
    case Layer::kTcpKeepalive: {
      if (kernel == nullptr || kernel->keepalive_intvl_seconds <= 0) {
        return std::nullopt;
      }
      const double rest =
          wanted.count() - static_cast<double>(std::max<std::int64_t>(
                               *kernel->keepalive_time_seconds, 0));
      const auto probes = static_cast<std::int64_t>(std::ceil(
          rest / static_cast<double>(*kernel->keepalive_intvl_seconds)));
      return sysctl_remedy(input.facts, "net.ipv4.tcp_keepalive_probes",
                           std::max<std::int64_t>(probes, 1));
    }
    default:
      return std::nullopt;
  }
}

std::string dead_peer_text(const TimeOfLayer& dead_peer) {
  return dead_peer.time.is_never()
             ? "a session whose peer is gone never ends"
             : "a session whose peer is gone ends after " +
                   range_text(dead_peer.time) + decided_by(dead_peer);
}

// A limit of this host, held against the pause that users may make.
void add_limit(const CheckInput& input, const IdleLimit& limit,
               const std::string& subject, bool demanded, const Remedy& remedy,
               std::vector<Finding>& findings) {
  if (limit.time.earliest >= input.policy.minimum_idle) {
    return;
  }
  const bool is_sure = limit.time.latest != kNever;
  findings.push_back(
      {.check = {},
       .severity = is_sure && !demanded ? Severity::kWarning : Severity::kInfo,
       .subject = subject,
       .observed =
           "ends sessions that are not used for " + range_text(limit.time) +
           (limit.source ? " (" + place_text(*limit.source) + ")" : "") +
           (demanded ? ", as the compliance profile demands" : ""),
       .expected = "a pause of " + seconds_text(input.policy.minimum_idle) +
                   " ([policy] minimum_idle)",
       .remedy = remedy});
}

// ChannelTimeout with all its times at least `wanted`.
std::string longer_channel_timeouts(const std::vector<std::string>& words,
                                    std::int64_t wanted,
                                    openssh::Release release) {
  std::string text = "ChannelTimeout";
  for (const std::string& word : words) {
    const std::size_t equals = word.find('=');
    const auto time =
        equals == std::string::npos
            ? std::nullopt
            : openssh::parse_time(std::string_view(word).substr(equals + 1),
                                  release);
    text += " " + (time.value_or(0) > 0 && *time < wanted
                       ? word.substr(0, equals + 1) + std::to_string(wanted)
                       : word);
  }
  return text;
}

void add_channel_limits(const CheckInput& input, const ConfiguredEnd& end,
                        std::vector<Finding>& findings) {
  const auto& shell = end.end.shell_channel;
  const auto& command = end.end.command_channel;
  if (end.instance == nullptr || (!shell && !command)) {
    return;
  }
  const IdleLimit& limit =
      shell && (!command || shell->time.earliest <= command->time.earliest)
          ? *shell
          : *command;
  const auto& configuration = *end.instance->configuration;
  const auto& timeouts = configuration.globals.effective.channel_timeouts;
  add_limit(
      input,
      {.time = exactly(limit.time.earliest + Seconds(1)),
       .source = limit.source},
      subject_of(end) + ", ChannelTimeout", false,
      sshd_remedy(
          input.facts, *end.instance, timeouts.source,
          longer_channel_timeouts(
              timeouts.value,
              static_cast<std::int64_t>(input.policy.minimum_idle.count()),
              configuration.document.version.release)),
      findings);
}

Remedy change_to(const CheckInput& input, const IdleLimit& limit,
                 const std::string& name, std::string command) {
  const auto seconds =
      static_cast<std::int64_t>(input.policy.minimum_idle.count());
  Remedy remedy{.action = Action::kChange,
                .at = limit.source.value_or(FileLine()),
                .text = name + "=" + std::to_string(seconds),
                .command = std::move(command),
                .managed_by = ""};
  remedy.managed_by = manager_of(input.facts, remedy.at.file);
  return remedy;
}

// One line may be for bash and zsh.
void add_shell_limits(const CheckInput& input, const HostLimits& limits,
                      bool demanded, std::vector<Finding>& findings) {
  constexpr Seconds kMinute{60};
  if (limits.bash) {
    add_limit(input, *limits.bash, "the shell's TMOUT", demanded,
              change_to(input, *limits.bash, "TMOUT", ""), findings);
  }
  if (limits.zsh && limits.zsh != limits.bash) {
    add_limit(input, *limits.zsh, "TMOUT of zsh", demanded,
              change_to(input, *limits.zsh, "TMOUT", ""), findings);
  }
  if (limits.tcsh) {
    Remedy remedy = change_to(input, *limits.tcsh, "", "");
    const double minutes = std::ceil(input.policy.minimum_idle / kMinute);
    remedy.text =
        "set autologout=" + std::to_string(static_cast<std::int64_t>(minutes));
    add_limit(input, *limits.tcsh, "autologout of tcsh", demanded, remedy,
              findings);
  }
}

}  // namespace

Findings outage_tolerance_short(const CheckInput& input) {
  const Seconds wanted = input.policy.minimum_outage_tolerance;
  return for_each_end(input, [&](const ConfiguredEnd& end,
                                 std::vector<Finding>& findings) {
    const auto& dead_peer = end.verdict.dead_peer;
    if (!dead_peer) {
      return false;
    }
    if (dead_peer->time.latest < wanted) {
      findings.push_back({.check = {},
                          .severity = Severity::kWarning,
                          .subject = subject_of(end),
                          .observed = dead_peer_text(*dead_peer),
                          .expected = "sessions survive an outage of " +
                                      seconds_text(wanted) +
                                      " ([policy] minimum_outage_tolerance)",
                          .remedy = longer_remedy(input, end, wanted)});
    }
    return true;
  });
}

Findings dead_peer_time_long(const CheckInput& input) {
  constexpr std::int64_t kMinute = 60;
  const Seconds wanted = input.policy.maximum_dead_peer_time;
  return for_each_end(
      input, [&](const ConfiguredEnd& end, std::vector<Finding>& findings) {
        const auto& dead_peer = end.verdict.dead_peer;
        if (!dead_peer) {
          return false;
        }
        if (dead_peer->time.earliest > wanted) {
          findings.push_back(
              {.check = {},
               .severity = end.instance != nullptr ? Severity::kWarning
                                                   : Severity::kInfo,
               .subject = subject_of(end),
               .observed = dead_peer_text(*dead_peer),
               .expected = "an end within " + seconds_text(wanted) +
                           " ([policy] maximum_dead_peer_time)",
               .remedy = interval_remedy(input.facts, end, kMinute)});
        }
        return true;
      });
}

Findings idle_kill_short(const CheckInput& input) {
  Findings findings;
  for (const ConfiguredEnd& end : input.configured) {
    if (end.instance != nullptr) {
      findings = findings ? std::move(findings) : std::vector<Finding>();
      add_channel_limits(input, end, *findings);
    }
  }
  if (!input.facts.host) {
    return findings;
  }
  findings = findings ? std::move(findings) : std::vector<Finding>();
  const bool demanded = input.policy.compliance != nullptr &&
                        input.policy.compliance->shell_timeout.has_value();
  const HostLimits limits = host_limits(*input.facts.host);
  if (limits.stop_idle_session) {
    add_limit(input, *limits.stop_idle_session, "systemd-logind", demanded,
              change_to(input, *limits.stop_idle_session, "StopIdleSessionSec",
                        "systemctl restart systemd-logind.service"),
              *findings);
  }
  add_shell_limits(input, limits, demanded, *findings);
  return findings;
}

}  // namespace ssh_keepalive::diagnosis
