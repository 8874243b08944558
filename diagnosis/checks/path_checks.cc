// Whether new sessions are refreshed before the path forgets them.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "diagnosis/checks/checks.h"
#include "diagnosis/checks/ends.h"
#include "diagnosis/remedies.h"
#include "diagnosis/texts.h"

namespace ssh_keepalive::diagnosis {
namespace {

// What the path's timeout leaves when the margin is kept.
Seconds usable(Seconds timeout, const Policy& policy) {
  return timeout * (1 - policy.safety_margin_ratio);
}

Seconds shortest(const Path& path) {
  return std::min(path.idle_timeout, path.bytes_idle_timeout);
}

// A guess is nothing to be warned of.
Severity severity(const Policy& policy, Severity otherwise) {
  return policy.path_source == PathSource::kAssumed ? Severity::kInfo
                                                    : otherwise;
}

// A minute, or as much less as the path needs.
std::int64_t interval_for(const ConfiguredEnd& end, const Policy& policy) {
  constexpr Seconds kMinute{60};
  const double doubled =
      end.end.layer == Layer::kClientAlive && doubles_client_alive(end) ? 2 : 1;
  const Seconds longest = usable(shortest(policy.path), policy) / doubled;
  return std::max<std::int64_t>(
      static_cast<std::int64_t>(std::min(longest, kMinute).count()), 1);
}

std::string expected_text(const Policy& policy) {
  const Seconds timeout = shortest(policy.path);
  return "a refresh after at most " + seconds_text(usable(timeout, policy)) +
         ": the path forgets after " + seconds_text(timeout) + " (" +
         std::string(name_of(policy.path_source)) + ")";
}

std::string observed_text(const ConfiguredEnd& end) {
  const TimeOfLayer& refresh = *end.verdict.refresh;
  return refresh.time.is_never()
             ? "nothing refreshes an idle session"
             : "an idle session is refreshed after " +
                   range_text(refresh.time) + decided_by(refresh);
}

// Of the path that is met last: 0 or more is too late.
Seconds lateness(const ConfiguredEnd& end, const Path& path) {
  const auto late = [](Seconds refreshed, Seconds timeout) {
    return timeout == kNever ? -kNever : refreshed - timeout;
  };
  return std::max(late(end.verdict.refresh->time.latest, path.idle_timeout),
                  late(end.end.refresh.latest, path.bytes_idle_timeout));
}

bool has_lost_sessions(const CheckInput& input, sessions::Role role) {
  for (std::size_t i = 0; i < input.sessions.size(); ++i) {
    if (input.facts.sessions->sessions[i].role == role &&
        input.sessions[i].fate.kind == FateKind::kLostByPath) {
      return true;
    }
  }
  return false;
}

Finding finding_about(const CheckInput& input, const ConfiguredEnd& end,
                      Severity severity) {
  return {.check = {},
          .severity = severity,
          .subject = subject_of(end),
          .observed = observed_text(end),
          .expected = expected_text(input.policy),
          .remedy = interval_remedy(input.facts, end,
                                    interval_for(end, input.policy))};
}

std::string what_path_forgets(const Policy& policy) {
  return "the path is said to forget after " +
         seconds_text(policy.path.idle_timeout) + " (" +
         std::string(name_of(policy.path_source)) + ")";
}

// A peer that left at the wrong time looks the same: where a silence of about
// that length has been survived, the path is not to blame.
std::optional<Seconds> forgot_after(const ObservedPath& observed) {
  constexpr double kAbout = 1.2;
  const auto& lost = observed.shortest_lost;
  const auto& survived = observed.longest_survived;
  return lost && (!survived || *survived * kAbout < *lost) ? lost
                                                           : std::nullopt;
}

// Proxies that count bytes do not show in the silence of a connection.
std::optional<Finding> contradiction(const Policy& policy) {
  const Seconds said = policy.path.idle_timeout;
  const ObservedPath& observed = policy.observed;
  Finding finding{.check = {},
                  .severity = Severity::kInfo,
                  .subject = "path",
                  .observed = {},
                  .expected = {},
                  .remedy = {}};
  if (const auto lost = forgot_after(observed);
      lost && said != kNever && *lost < said) {
    finding.observed = "a session was lost after a silence of " +
                       seconds_text(*lost) + ", and " +
                       what_path_forgets(policy);
    finding.expected =
        "if more are lost like that, [policy] "
        "path_idle_timeout of at most " +
        seconds_text(*lost);
    return finding;
  }
  if (observed.longest_survived && *observed.longest_survived > said) {
    finding.observed = "a session has survived a silence of " +
                       seconds_text(*observed.longest_survived) + ", and " +
                       what_path_forgets(policy);
    finding.expected = "[policy] path_idle_timeout of the path that is there";
    return finding;
  }
  return std::nullopt;
}

}  // namespace

Findings refresh_too_late(const CheckInput& input) {
  return for_each_end(input, [&](const ConfiguredEnd& end,
                                 std::vector<Finding>& findings) {
    if (!end.verdict.refresh) {
      return false;
    }
    if (lateness(end, input.policy.path) >= Seconds(0)) {
      // A cloud's network need not be on the path of a session.
      const bool is_sure = input.policy.path_source == PathSource::kConfigured;
      const Severity grave = is_sure && has_lost_sessions(input, end.role)
                                 ? Severity::kCritical
                                 : Severity::kWarning;
      findings.push_back(
          finding_about(input, end, severity(input.policy, grave)));
    }
    return true;
  });
}

Findings refresh_margin_thin(const CheckInput& input) {
  Findings found = for_each_end(input, [&](const ConfiguredEnd& end,
                                           std::vector<Finding>& findings) {
    const auto margin = refresh_margin(end, input.policy);
    if (!margin) {
      return false;
    }
    if (*margin < Seconds(0) && lateness(end, input.policy.path) < Seconds(0)) {
      findings.push_back(finding_about(
          input, end, severity(input.policy, Severity::kWarning)));
    }
    return true;
  });
  // A margin is worth as much as the timeout that it is a part of.
  if (std::optional<Finding> finding = contradiction(input.policy)) {
    found = std::move(found).value_or(std::vector<Finding>());
    found->push_back(*std::move(finding));
  }
  return found;
}

Findings tcp_keepalive_through_proxy(const CheckInput& input) {
  const Seconds timeout = input.policy.path.bytes_idle_timeout;
  return for_each_end(input, [&](const ConfiguredEnd& end,
                                 std::vector<Finding>& findings) {
    const auto& refresh = end.verdict.refresh;
    if (!refresh) {
      return false;
    }
    if (timeout != kNever && refresh->layer == Layer::kTcpKeepalive &&
        refresh->time.latest < timeout && end.end.refresh.latest >= timeout) {
      Finding finding = finding_about(input, end, Severity::kWarning);
      finding.observed += ", which a proxy on the path does not pass on";
      finding.expected = "messages of SSH: the proxy forgets after " +
                         seconds_text(timeout) + " without data";
      findings.push_back(std::move(finding));
    }
    return true;
  });
}

}  // namespace ssh_keepalive::diagnosis
