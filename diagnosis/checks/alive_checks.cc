// Quirks of the messages that keep sessions alive.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>

#include "diagnosis/checks/checks.h"
#include "diagnosis/checks/ends.h"
#include "diagnosis/remedies.h"
#include "diagnosis/retransmission.h"
#include "diagnosis/texts.h"

namespace ssh_keepalive::diagnosis {
namespace {

constexpr openssh::Release kFirstStarved{9, 2};
constexpr openssh::Release kFirstThatNeverEnds{8, 2};
constexpr std::int64_t kDefaultCountMax = 3;
constexpr std::int64_t kDefaultRetries = 15;

struct Messages {
  std::int64_t interval_seconds = 0;
  std::int64_t count_max = 0;
};

Messages messages_of(const ConfiguredEnd& end) {
  if (end.instance != nullptr) {
    const auto& settings = end.instance->configuration->globals.effective;
    return {.interval_seconds = settings.client_alive_interval_seconds.value,
            .count_max = settings.client_alive_count_max.value};
  }
  return {.interval_seconds = *end.profile->server_alive_interval_seconds,
          .count_max = *end.profile->server_alive_count_max};
}

openssh::Release release_of(const ConfiguredEnd& end) {
  return end.instance->configuration->document.version.release;
}

// From sending what nobody acknowledges until the kernel gives up.
std::optional<TimeRange> sending_time(const Facts& facts,
                                      const netns::Name& netns) {
  if (!facts.sysctl) {
    return std::nullopt;
  }
  const auto kernel = facts.sysctl->find(netns);
  if (kernel == facts.sysctl->end()) {
    return std::nullopt;
  }
  const auto settings = retransmission_settings(kernel->second);
  return settings ? std::optional(retransmission_time(*settings))
                  : std::nullopt;
}

// A host of which no end is known may have all these quirks.
Findings for_known_ends(
    const CheckInput& input,
    const std::function<void(const ConfiguredEnd& end,
                             std::vector<Finding>& findings)>& look) {
  return for_each_end(
      input, [&look](const ConfiguredEnd& end, std::vector<Finding>& findings) {
        look(end, findings);
        return true;
      });
}

}  // namespace

Findings client_alive_doubled(const CheckInput& input) {
  return for_known_ends(input, [&input](const ConfiguredEnd& end,
                                        std::vector<Finding>& findings) {
    const std::int64_t interval = messages_of(end).interval_seconds;
    if (!doubles_client_alive(end) || interval <= 0) {
      return;
    }
    const Seconds single(static_cast<double>(interval));
    const Seconds timeout = std::min(input.policy.path.idle_timeout,
                                     input.policy.path.bytes_idle_timeout);
    const Seconds usable = timeout * (1 - input.policy.safety_margin_ratio);
    if (single > usable || 2 * single <= usable) {
      return;  // it changes nothing
    }
    const bool is_lost = 2 * single >= timeout &&
                         input.policy.path_source != PathSource::kAssumed;
    findings.push_back(
        {.check = {},
         .severity = is_lost ? Severity::kWarning : Severity::kInfo,
         .subject = subject_of(end),
         .observed = "OpenSSH 9.2 to 9.4 takes up to twice each "
                     "ClientAliveInterval: " +
                     range_text({single, 2 * single}),
         .expected = "a refresh after at most " + seconds_text(usable),
         .remedy = interval_remedy(input.facts, end,
                                   std::max<std::int64_t>(interval / 2, 1))});
  });
}

// Such a session ends by the kernel's retransmissions alone.
Findings client_alive_starved(const CheckInput& input) {
  const Seconds wanted = input.policy.maximum_dead_peer_time;
  return for_each_end(
      input, [&](const ConfiguredEnd& end, std::vector<Finding>& findings) {
        if (end.instance == nullptr) {
          return true;
        }
        const auto sending = sending_time(input.facts, end.netns);
        if (!sending) {
          return false;
        }
        if (release_of(end) >= kFirstStarved &&
            end.end.dead_peer.latest <= wanted && sending->latest > wanted) {
          findings.push_back(
              {.check = {},
               .severity = Severity::kInfo,
               .subject = subject_of(end),
               .observed = "while a session prints more often than each "
                           "ClientAliveInterval, OpenSSH from 9.2 on does not "
                           "count unanswered messages: if its peer is gone, it "
                           "ends after " +
                           range_text(*sending) + ", by retransmission_limit",
               .expected = "an end within " + seconds_text(wanted) +
                           " ([policy] maximum_dead_peer_time)",
               .remedy = sysctl_remedy(input.facts, "net.ipv4.tcp_retries2",
                                       kDefaultRetries)});
        }
        return true;
      });
}

Findings count_max_zero(const CheckInput& input) {
  return for_known_ends(input, [&input](const ConfiguredEnd& end,
                                        std::vector<Finding>& findings) {
    const Messages messages = messages_of(end);
    if (messages.interval_seconds <= 0 || messages.count_max != 0) {
      return;
    }
    const std::string interval =
        std::to_string(messages.interval_seconds) + " s";
    std::string observed =
        "ServerAliveCountMax 0 ends a healthy session after " + interval +
        " of silence, without asking";
    if (end.instance != nullptr) {
      observed =
          release_of(end) < kFirstThatNeverEnds
              ? "ClientAliveCountMax 0 ends a silent session after " + interval
              : "ClientAliveCountMax 0 sends messages, and never ends a "
                "session for want of answers";
    }
    findings.push_back(
        {.check = {},
         .severity = Severity::kWarning,
         .subject = subject_of(end),
         .observed = std::move(observed),
         .expected = "a count of 1 or more",
         .remedy = count_max_remedy(input.facts, end, kDefaultCountMax)});
  });
}

}  // namespace ssh_keepalive::diagnosis
