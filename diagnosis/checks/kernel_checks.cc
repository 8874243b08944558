// The kernel's settings, of the host and of other network namespaces.
#include <algorithm>
#include <cstdint>
#include <string>

#include "diagnosis/checks/checks.h"
#include "diagnosis/checks/ends.h"
#include "diagnosis/remedies.h"
#include "diagnosis/sysctl_defaults.h"
#include "diagnosis/texts.h"

namespace ssh_keepalive::diagnosis {
namespace {

std::string subject_of(const netns::Name& netns, std::string_view setting) {
  return std::string(setting) + (netns.is_host() ? "" : " in " + netns.text());
}

// sysctl.d(5) is of the host's namespace; elsewhere whoever made the namespace
// sets them.
Remedy remedy_in(const Facts& facts, const netns::Name& netns,
                 std::string_view setting, std::int64_t value) {
  if (netns.is_host()) {
    return sysctl_remedy(facts, setting, value);
  }
  return {.action = Action::kRun,
          .at = {},
          .text = "inside of " + netns.text() + ":",
          .command =
              "sysctl -w " + std::string(setting) + "=" + std::to_string(value),
          .managed_by = ""};
}

std::string keepalive_text(const sysctl::Facts& facts) {
  const auto text = [](const std::optional<std::int64_t>& value) {
    return value ? std::to_string(*value) : "?";
  };
  return text(facts.keepalive_time_seconds) + "/" +
         text(facts.keepalive_intvl_seconds) + "/" +
         text(facts.keepalive_probes) + ", tcp_retries2 " +
         text(facts.retries2);
}

bool holds_ssh(const Facts& facts, const netns::Name& netns) {
  const bool has_sshd =
      facts.sshd_config &&
      std::ranges::any_of(facts.sshd_config->instances, [&](const auto& one) {
        return one.netns == netns && one.running.has_value();
      });
  return has_sshd ||
         (facts.sessions && std::ranges::any_of(facts.sessions->sessions,
                                                [&](const auto& session) {
                                                  return session.netns == netns;
                                                }));
}

}  // namespace

Findings keepalive_probes_zero(const CheckInput& input) {
  constexpr std::int64_t kDefault = 9;
  constexpr std::string_view kSetting = "net.ipv4.tcp_keepalive_probes";
  if (!input.facts.sysctl) {
    return std::nullopt;
  }
  bool evaluated = false;
  std::vector<Finding> findings;
  for (const auto& [netns, kernel] : *input.facts.sysctl) {
    evaluated = evaluated || kernel.keepalive_probes.has_value();
    if (kernel.keepalive_probes != 0) {
      continue;
    }
    findings.push_back(
        {.check = {},
         .severity = netns.is_host() ? Severity::kCritical : Severity::kWarning,
         .subject = subject_of(netns, kSetting),
         .observed = "with 0 probes the kernel resets every connection that is "
                     "silent for " +
                     std::to_string(kernel.keepalive_time_seconds.value_or(0)) +
                     " s, however healthy its peer is",
         .expected = "1 or more; the kernel starts with 9",
         .remedy = remedy_in(input.facts, netns, kSetting, kDefault)});
  }
  return evaluated ? Findings(std::move(findings)) : std::nullopt;
}

Findings conntrack_timeout_short(const CheckInput& input) {
  constexpr std::string_view kSetting =
      "net.netfilter.nf_conntrack_tcp_timeout_established";
  constexpr Seconds kFloor{7440};  // RFC 5382, for what nobody refreshes
  if (!input.facts.sysctl) {
    return std::nullopt;
  }
  std::vector<Finding> findings;
  for (const ConfiguredEnd& end : input.configured) {
    const auto kernel = input.facts.sysctl->find(end.netns);
    if (kernel == input.facts.sysctl->end() ||
        !kernel->second.conntrack_established_seconds || !end.verdict.refresh) {
      continue;
    }
    const Seconds timeout(
        static_cast<double>(*kernel->second.conntrack_established_seconds));
    const Seconds refreshed = end.verdict.refresh->time.latest;
    if (timeout > std::min(refreshed, kFloor)) {
      continue;
    }
    findings.push_back(
        {.check = {},
         .severity = Severity::kWarning,
         .subject = subject_of(end.netns, kSetting),
         .observed = "this host forgets a connection after " +
                     seconds_text(timeout) + " of silence, and " +
                     subject_of(end) + " refreshes it after " +
                     range_text(end.verdict.refresh->time),
         .expected = "more than the longest silence",
         .remedy = remedy_in(
             input.facts, end.netns, kSetting,
             *sysctl_default(&sysctl::Facts::conntrack_established_seconds))});
  }
  return findings;
}

Findings namespace_differs(const CheckInput& input) {
  if (!input.facts.sysctl) {
    return std::nullopt;
  }
  const auto host = input.facts.sysctl->find(netns::Name());
  if (host == input.facts.sysctl->end()) {
    return std::nullopt;
  }
  std::vector<Finding> findings;
  for (const auto& [netns, kernel] : *input.facts.sysctl) {
    const std::string here = keepalive_text(kernel);
    const std::string there = keepalive_text(host->second);
    if (netns.is_host() || here == there || !holds_ssh(input.facts, netns)) {
      continue;
    }
    findings.push_back({.check = {},
                        .severity = Severity::kInfo,
                        .subject = "network namespace " + netns.text(),
                        .observed = std::string("its keepalive settings are ")
                                        .append(here)
                                        .append(", the host's ")
                                        .append(there),
                        .expected = "sessions follow their own namespace: set "
                                    "there what they need",
                        .remedy = std::nullopt});
  }
  return findings;
}

Findings sysctl_not_persistent(const CheckInput& input) {
  if (!input.facts.sysctl || !input.facts.host) {
    return std::nullopt;
  }
  const auto host = input.facts.sysctl->find(netns::Name());
  if (host == input.facts.sysctl->end()) {
    return std::nullopt;
  }
  std::vector<Finding> findings;
  for (const sysctl::FileSetting& setting :
       input.facts.host->sysctl_files.settings) {
    const auto& live = host->second.*setting.live;
    if (!setting.known || !live) {
      continue;
    }
    std::string observed;
    if (setting.source && setting.accepted() && setting.value != live) {
      observed = "it is " + std::to_string(*live) + " now, and " +
                 place_text(*setting.source) + " makes it " +
                 std::to_string(*setting.value) + " at the next boot";
    } else if (!setting.source && live != sysctl_default(setting.live)) {
      observed = "it is " + std::to_string(*live) +
                 " now, and no file of sysctl.d sets it at the next boot";
    } else {
      continue;
    }
    findings.push_back(
        {.check = {},
         .severity = setting.source ? Severity::kWarning : Severity::kInfo,
         .subject = std::string(setting.name),
         .observed = std::move(observed),
         .expected = "the same after a boot",
         .remedy = sysctl_remedy(input.facts, setting.name, *live)});
  }
  return findings;
}

}  // namespace ssh_keepalive::diagnosis
