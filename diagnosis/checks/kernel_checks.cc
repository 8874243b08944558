// The kernel's settings, of the host and of other network namespaces.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "diagnosis/boot_value.h"
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

std::string keepalive_time_text(const sysctl::Facts& kernel) {
  const auto& time = kernel.keepalive_time_seconds;
  return time && *time >= 0 ? std::to_string(*time) + " s"
                            : "tcp_keepalive_time";
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

// In a setting that is known of both.
bool differ(const sysctl::Facts& a, const sysctl::Facts& b) {
  using sysctl::Facts;
  return std::ranges::any_of(
      std::array{&Facts::keepalive_time_seconds,
                 &Facts::keepalive_intvl_seconds, &Facts::keepalive_probes,
                 &Facts::retries2},
      [&](auto setting) {
        return a.*setting && b.*setting && a.*setting != b.*setting;
      });
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

constexpr std::string_view kConntrack =
    "net.netfilter.nf_conntrack_tcp_timeout_established";

// Whether connection tracking forgets it; what nobody refreshes may be
// forgotten after RFC 5382's time.
bool is_forgotten(Seconds timeout, const TimeOfLayer& refresh) {
  constexpr Seconds kFloor{7440};
  return timeout <= std::min(refresh.time.latest, kFloor);
}

Finding forgotten(const CheckInput& input, const netns::Name& netns,
                  Seconds timeout, const std::string& who) {
  return {.check = {},
          .severity = Severity::kWarning,
          .subject = subject_of(netns, kConntrack),
          .observed = "this host forgets a connection after " +
                      seconds_text(timeout) + " of silence, and " + who,
          .expected = "more than the longest silence",
          .remedy = remedy_in(
              input.facts, netns, kConntrack,
              *sysctl_default(&sysctl::Facts::conntrack_established_seconds))};
}

// Of the new sessions of each end there, or else of the live ones. Returns
// whether it is known when any of them is refreshed.
bool add_forgotten(const CheckInput& input, const netns::Name& netns,
                   Seconds timeout, std::vector<Finding>& findings) {
  bool evaluated = false;
  bool found = false;
  for (const ConfiguredEnd& end : input.configured) {
    const auto& refresh = end.verdict.refresh;
    if (end.netns != netns || !refresh) {
      continue;
    }
    evaluated = true;
    if (is_forgotten(timeout, *refresh)) {
      found = true;
      findings.push_back(forgotten(input, netns, timeout,
                                   subject_of(end) + " refreshes it after " +
                                       range_text(refresh->time)));
    }
  }
  std::size_t count = 0;
  for (std::size_t i = 0; i < input.sessions.size(); ++i) {
    const auto& refresh = input.sessions[i].refresh;
    // From 0 on: what this end sends is unknown, it may be more.
    if (input.facts.sessions->sessions[i].netns != netns || !refresh ||
        refresh->time.earliest <= Seconds(0)) {
      continue;
    }
    evaluated = true;
    count += is_forgotten(timeout, *refresh) ? 1 : 0;
  }
  if (count > 0 && !found) {
    findings.push_back(forgotten(input, netns, timeout,
                                 std::to_string(count) + " live session" +
                                     (count == 1 ? " is" : "s are") +
                                     " refreshed later, if at all"));
  }
  return evaluated;
}

bool is_zero_probes(const sysctl::FileSetting& setting, std::int64_t value) {
  return setting.live == &sysctl::Facts::keepalive_probes && value == 0;
}

// What is right: the value that somebody has set, be it by hand or by a line,
// but never one that ends idle connections.
std::optional<Remedy> persistent_remedy(const Facts& facts,
                                        const sysctl::FileSetting& setting,
                                        std::int64_t live, BootValue boot) {
  const bool is_bad = is_zero_probes(setting, live);
  if (boot == BootValue::kOther && !is_zero_probes(setting, *setting.value) &&
      (is_bad || live == sysctl_default(setting.live))) {
    return Remedy{.action = Action::kRun,
                  .at = {},
                  .text = "",
                  .command = "sysctl -p " + setting.source->file,
                  .managed_by = ""};
  }
  return is_bad ? std::nullopt
                : std::optional(sysctl_remedy(facts, setting.name, live));
}

std::string boot_text(const sysctl::FileSetting& setting, BootValue boot) {
  if (boot == BootValue::kUnset) {
    return "no file of sysctl.d sets it at the next boot";
  }
  const std::string place = place_text(*setting.source);
  return boot == BootValue::kOther
             ? place + " makes it " + std::to_string(*setting.value) +
                   " at the next boot"
             : "the kernel refuses what " + place + " says";
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
                     keepalive_time_text(kernel) +
                     ", however healthy its peer is",
         .expected = "1 or more; the kernel starts with 9",
         .remedy = remedy_in(input.facts, netns, kSetting, kDefault)});
  }
  return evaluated ? Findings(std::move(findings)) : std::nullopt;
}

Findings conntrack_timeout_short(const CheckInput& input) {
  if (!input.facts.sysctl) {
    return std::nullopt;
  }
  bool evaluated = false;
  std::vector<Finding> findings;
  for (const auto& [netns, kernel] : *input.facts.sysctl) {
    const auto& timeout = kernel.conntrack_established_seconds;
    const bool known =
        !timeout ||
        add_forgotten(input, netns, Seconds(static_cast<double>(*timeout)),
                      findings);
    evaluated = evaluated || known;
  }
  return evaluated ? Findings(std::move(findings)) : std::nullopt;
}

Findings namespace_differs(const CheckInput& input) {
  if (!input.facts.sysctl) {
    return std::nullopt;
  }
  const auto host = input.facts.sysctl->find(netns::Name());
  if (host == input.facts.sysctl->end()) {
    return std::nullopt;
  }
  if (input.facts.sysctl->size() > 1 && !input.facts.sshd_config &&
      !input.facts.sessions) {
    return std::nullopt;
  }
  std::vector<Finding> findings;
  for (const auto& [netns, kernel] : *input.facts.sysctl) {
    if (netns.is_host() || !differ(kernel, host->second) ||
        !holds_ssh(input.facts, netns)) {
      continue;
    }
    findings.push_back({.check = {},
                        .severity = Severity::kInfo,
                        .subject = "network namespace " + netns.text(),
                        .observed = std::string("its keepalive settings are ")
                                        .append(keepalive_text(kernel))
                                        .append(", the host's ")
                                        .append(keepalive_text(host->second)),
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
  bool evaluated = false;
  std::vector<Finding> findings;
  for (const sysctl::FileSetting& setting :
       input.facts.host->sysctl_files.settings) {
    const auto& live = host->second.*setting.live;
    if (!setting.known || !live) {
      continue;
    }
    evaluated = true;
    const BootValue boot = boot_value(setting, live);
    if (boot == BootValue::kSame) {
      continue;
    }
    findings.push_back(
        {.check = {},
         .severity =
             boot == BootValue::kUnset ? Severity::kInfo : Severity::kWarning,
         .subject = std::string(setting.name),
         .observed = "it is " + std::to_string(*live) + " now, and " +
                     boot_text(setting, boot),
         .expected = "the same after a boot",
         .remedy = persistent_remedy(input.facts, setting, *live, boot)});
  }
  return evaluated ? Findings(std::move(findings)) : std::nullopt;
}

}  // namespace ssh_keepalive::diagnosis
