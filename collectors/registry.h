// THE list of collectors. Adding one is a folder, a member of Facts and a row.
#ifndef SSH_KEEPALIVE_COLLECTORS_REGISTRY_H_
#define SSH_KEEPALIVE_COLLECTORS_REGISTRY_H_

#include <prometheus/metric_family.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/openssh_syntax/version.h"
#include "collectors/sessions/sessions.h"
#include "collectors/settings.h"
#include "collectors/ssh_config/ssh_config.h"
#include "collectors/sshd_config/memory.h"
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

  // Takes over the members that `other` has.
  void take(const Facts& other) {
    sysctl = other.sysctl ? other.sysctl : sysctl;
    sshd_config = other.sshd_config ? other.sshd_config : sshd_config;
    ssh_config = other.ssh_config ? other.ssh_config : ssh_config;
    sessions = other.sessions ? other.sessions : sessions;
  }
};

// The look at the sshds that two collectors need: the one that publishes it,
// and `sessions`, which wants their ports. Within one scrape it is taken once.
class SshdLook {
 public:
  enum class Reader : std::uint8_t { kCollector, kSessions };

  // Each look is given to each reader at most once, and only while it is fresh:
  // a reader that asks again gets a new one.
  std::vector<Error> take(Reader reader, const HostRoot& root,
                          const CollectorSettings& settings,
                          sshd_config::Facts& facts);

 private:
  std::mutex mutex_;
  sshd_config::Memory memory_;
  sshd_config::Facts facts_;
  std::vector<Error> errors_;
  std::chrono::steady_clock::time_point taken_at_;
  std::array<bool, 2> is_news_to_{};  // by Reader
};

// The ports of the last session_ports(), for looks that are to cost little.
struct RecentPorts {
  std::mutex mutex;
  std::vector<std::uint16_t> ports;
  std::chrono::steady_clock::time_point known_at;
};

// What collectors keep from one run to the next. Each other member belongs to
// one collector, which never runs twice at once.
struct CollectorMemory {
  SshdLook sshd;
  ssh_config::Memory ssh_config;
  sessions::Memory sessions;
  RecentPorts ports;
};

// What a collector may use of the world.
struct CollectorInput {
  HostRoot root;
  CollectorSettings settings;
  std::shared_ptr<CollectorMemory> memory = std::make_shared<CollectorMemory>();
};

// Where SSH is looked for: port 22, what sshd's configuration says as far as
// it can be read, where running daemons listen as far as their sockets can be
// seen, and what the user adds.
std::vector<std::uint16_t> session_ports(const CollectorInput& input);

// Whether the kernel sends keepalive probes in that namespace; true where that
// is unknown.
bool sends_probes(const Facts& facts, const netns::Name& netns);

// A look at the sessions between the runs of their collector, for what only
// successive looks tell: see sessions::observe. It takes the ports of the last
// minute, and only on a root with a running kernel does it do anything.
void observe_sessions(const CollectorInput& input);

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
              [](const CollectorInput& input, Facts& facts) {
                return sysctl::collect(input.root,
                                       facts.sysctl.emplace()[netns::Name()]);
              },
              [](const Facts& facts,
                 std::vector<prometheus::MetricFamily>& families) {
                if (facts.sysctl) {
                  sysctl::append_metrics(*facts.sysctl, families);
                }
              }},
    Collector{"sshd_config", "what the configuration of sshd says",
              [](const CollectorInput& input, Facts& facts) {
                return input.memory->sshd.take(SshdLook::Reader::kCollector,
                                               input.root, input.settings,
                                               facts.sshd_config.emplace());
              },
              [](const Facts& facts,
                 std::vector<prometheus::MetricFamily>& families) {
                if (facts.sshd_config) {
                  sshd_config::append_metrics(*facts.sshd_config, families);
                }
              }},
    Collector{"ssh_config", "what the client's configuration says",
              [](const CollectorInput& input, Facts& facts) {
                return ssh_config::collect(input.root, input.settings,
                                           input.memory->ssh_config,
                                           facts.ssh_config.emplace());
              },
              [](const Facts& facts,
                 std::vector<prometheus::MetricFamily>& families) {
                if (facts.ssh_config) {
                  ssh_config::append_metrics(*facts.ssh_config, families);
                }
              }},
    Collector{"sessions", "live SSH connections and their kernel timers",
              [](const CollectorInput& input, Facts& facts) {
                return sessions::collect(input.root, session_ports(input),
                                         sessions::exchange_for(input.root),
                                         &input.memory->sessions,
                                         facts.sessions.emplace());
              },
              [](const Facts& facts,
                 std::vector<prometheus::MetricFamily>& families) {
                if (facts.sessions) {
                  sessions::append_metrics(
                      *facts.sessions,
                      [&facts](const netns::Name& netns) {
                        return sends_probes(facts, netns);
                      },
                      families);
                }
              }},
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_REGISTRY_H_
