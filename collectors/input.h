// What collectors are given, and what they keep from one run to the next.
#ifndef SSH_KEEPALIVE_COLLECTORS_INPUT_H_
#define SSH_KEEPALIVE_COLLECTORS_INPUT_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/host_facts.h"
#include "collectors/live_settings.h"
#include "collectors/netns/link.h"
#include "collectors/netns/namespaces.h"
#include "collectors/netns_look.h"
#include "collectors/sessions/memory.h"
#include "collectors/settings.h"
#include "collectors/shared_look.h"
#include "collectors/ssh_config/ssh_config.h"
#include "collectors/sshd_config/memory.h"
#include "collectors/sshd_config/sshd_config.h"

namespace ssh_keepalive {

// The sshds: for the collector that publishes them, for `sessions`, which wants
// their ports, and for the look into other namespaces.
struct SshdsSeen {
  sshd_config::Facts facts;
  std::vector<Error> errors;
  std::optional<Error> netns_error;  // of finding the namespaces
};
enum class SshdReader : std::uint8_t {
  kSshdConfig,
  kSessions,
  kNetns,
  kHost,
};

enum class NetnsReader : std::uint8_t { kSysctl, kSessions };

// The ports of the last session_ports(), for looks that are to cost little.
struct RecentPorts {
  std::mutex mutex;
  std::vector<std::uint16_t> ports;
  std::chrono::steady_clock::time_point known_at;
};

// Each member belongs to one collector, which never runs twice at once, or to
// the shared look before it, or has a lock of its own.
struct CollectorMemory {
  SharedLook<SshdsSeen, SshdReader, 4> sshds;
  sshd_config::Memory sshd_config;
  netns::Namespaces namespaces;
  SharedLook<OtherNamespaces, NetnsReader, 2> other_namespaces;
  NetnsLook netns;
  NetnsNews netns_news;
  ssh_config::Memory ssh_config;
  sessions::Memory sessions;
  std::map<netns::Id, sessions::Memory> other_sessions;
  live_settings::Memory live_settings;
  HostMemory host;
  RecentPorts ports;
};

// What a collector may use of the world.
struct CollectorInput {
  HostRoot root;
  CollectorSettings settings;
  std::shared_ptr<CollectorMemory> memory = std::make_shared<CollectorMemory>();
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_INPUT_H_
