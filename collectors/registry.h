// THE list of collectors. Adding one is a folder, a member of Facts and a row.
#ifndef SSH_KEEPALIVE_COLLECTORS_REGISTRY_H_
#define SSH_KEEPALIVE_COLLECTORS_REGISTRY_H_

#include <prometheus/metric_family.h>

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "collectors/base/result.h"
#include "collectors/host_facts.h"
#include "collectors/input.h"
#include "collectors/live_settings.h"
#include "collectors/netns/name.h"
#include "collectors/sessions/sessions.h"
#include "collectors/ssh_config/ssh_config.h"
#include "collectors/sshd_config/sshd_config.h"
#include "collectors/sysctl/sysctl.h"

namespace ssh_keepalive {

// What was collected. A member without a value: that collector did not run, or
// did not finish in time.
struct Facts {
  std::optional<sysctl::FactsByNetns> sysctl;  // always with the host's
  std::optional<sshd_config::Facts> sshd_config;
  std::optional<ssh_config::Facts> ssh_config;
  std::optional<sessions::Facts> sessions;
  // Of each of the sessions, in their order: filled with them.
  std::vector<live_settings::Settings> live_settings;
  std::optional<HostFacts> host;

  // Takes over the members that `other` has.
  void take(const Facts& other) {
    sysctl = other.sysctl ? other.sysctl : sysctl;
    sshd_config = other.sshd_config ? other.sshd_config : sshd_config;
    ssh_config = other.ssh_config ? other.ssh_config : ssh_config;
    if (other.sessions) {
      sessions = other.sessions;
      live_settings = other.live_settings;
    }
    host = other.host ? other.host : host;
  }
};

// Fill one member of `facts` each and return what they could not find out: see
// Collector.
std::vector<Error> collect_sysctl(const CollectorInput& input, Facts& facts);
std::vector<Error> collect_sshd_config(const CollectorInput& input,
                                       Facts& facts);
std::vector<Error> collect_ssh_config(const CollectorInput& input,
                                      Facts& facts);
std::vector<Error> collect_sessions(const CollectorInput& input, Facts& facts);
std::vector<Error> collect_host(const CollectorInput& input, Facts& facts);

// A look at the sessions between the runs of their collector, for what only
// successive looks tell: see sessions::observe. It takes the ports of the last
// minute, and only on a root with a running kernel does it do anything.
std::optional<std::vector<sessions::Session>> observe_sessions(
    const CollectorInput& input);

// The ports on which it looks for SSH in the host's network namespace.
std::vector<std::uint16_t> watched_ports(const CollectorInput& input);

struct Collector {
  std::string_view name;  // label value, flag and configuration key
  std::string_view help;  // for --help
  // Fills its own member of `facts` with all it could find out and returns
  // what it could not: partial facts and errors go together. Never called
  // twice at once.
  std::vector<Error> (*collect)(const CollectorInput& input, Facts& facts);
  // Appends the families of its member of `facts`, which may be absent.
  void (*append_metrics)(const Facts& facts,
                         std::vector<prometheus::MetricFamily>& families);
};

inline constexpr std::array kCollectors = {
    Collector{"sysctl", "the kernel's keepalive and retransmission settings",
              collect_sysctl,
              [](const Facts& facts,
                 std::vector<prometheus::MetricFamily>& families) {
                if (facts.sysctl) {
                  sysctl::append_metrics(*facts.sysctl, families);
                }
              }},
    Collector{"sshd_config", "what the configuration of sshd says",
              collect_sshd_config,
              [](const Facts& facts,
                 std::vector<prometheus::MetricFamily>& families) {
                if (facts.sshd_config) {
                  sshd_config::append_metrics(*facts.sshd_config, families);
                }
              }},
    Collector{"ssh_config", "what the client's configuration says",
              collect_ssh_config,
              [](const Facts& facts,
                 std::vector<prometheus::MetricFamily>& families) {
                if (facts.ssh_config) {
                  ssh_config::append_metrics(*facts.ssh_config, families);
                }
              }},
    Collector{"host", "limits of logind and shells, sysctl.d, and the cloud",
              collect_host,
              [](const Facts& /*facts*/,
                 std::vector<prometheus::MetricFamily>& /*families*/) {
                // What they mean is the diagnosis' to say.
              }},
    Collector{"sessions", "live SSH connections and their kernel timers",
              collect_sessions,
              [](const Facts& facts,
                 std::vector<prometheus::MetricFamily>& families) {
                if (facts.sessions) {
                  sessions::append_metrics(*facts.sessions, families);
                }
              }},
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_REGISTRY_H_
