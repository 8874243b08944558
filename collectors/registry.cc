#include "collectors/registry.h"

#include <set>

#include "collectors/processes/descriptors.h"
#include "collectors/sessions/listening_ports.h"

namespace ssh_keepalive {
namespace {

// The sockets of the daemons: only those that listen are of use.
std::set<std::uint64_t> sockets_of(const sshd_config::Facts& facts) {
  std::set<std::uint64_t> inodes;
  for (const sshd_config::Instance& instance : facts.instances) {
    if (instance.running) {
      inodes.merge(processes::socket_inodes(instance.running->host,
                                            instance.running->process.pid));
    }
  }
  return inodes;
}

}  // namespace

std::vector<Error> SshdLook::take(Reader reader, const HostRoot& root,
                                  const CollectorSettings& settings,
                                  sshd_config::Facts& facts) {
  constexpr std::chrono::milliseconds kFresh{100};
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  bool& is_news = is_news_to_.at(static_cast<std::size_t>(reader));
  if (!is_news || now - taken_at_ > kFresh) {
    facts_ = {};
    errors_ = sshd_config::collect(root, settings.sshd_config_files, now,
                                   memory_, facts_);
    taken_at_ = now;
    is_news_to_.fill(true);
  }
  is_news = false;
  facts = facts_;
  return errors_;
}

std::vector<std::uint16_t> session_ports(const CollectorInput& input) {
  constexpr std::uint16_t kSshPort = 22;
  sshd_config::Facts facts;
  // Its errors are those of the collector sshd_config, which reports them.
  static_cast<void>(input.memory->sshd.take(SshdLook::Reader::kSessions,
                                            input.root, input.settings, facts));
  std::vector<std::uint16_t> ports = sshd_config::ports(facts);
  ports.push_back(kSshPort);
  const std::vector<std::uint16_t> found = sessions::listening_ports(
      input.root, sessions::exchange_for(input.root), sockets_of(facts));
  ports.insert(ports.end(), found.begin(), found.end());
  ports.insert(ports.end(), input.settings.session_ports.begin(),
               input.settings.session_ports.end());
  RecentPorts& recent = input.memory->ports;
  const std::lock_guard lock(recent.mutex);
  recent.ports = ports;
  recent.known_at = std::chrono::steady_clock::now();
  return ports;
}

bool sends_probes(const Facts& facts, const netns::Name& netns) {
  if (!facts.sysctl) {
    return true;
  }
  const auto found = facts.sysctl->find(netns);
  return found == facts.sysctl->end() || found->second.keepalive_probes != 0;
}

namespace {

std::vector<std::uint16_t> recent_session_ports(const CollectorInput& input) {
  constexpr std::chrono::minutes kRecent{1};
  {
    RecentPorts& recent = input.memory->ports;
    const std::lock_guard lock(recent.mutex);
    if (!recent.ports.empty() &&
        std::chrono::steady_clock::now() - recent.known_at < kRecent) {
      return recent.ports;
    }
  }
  return session_ports(input);
}

}  // namespace

void observe_sessions(const CollectorInput& input) {
  if (input.root.has_running_kernel()) {
    sessions::observe(input.root, recent_session_ports(input),
                      sessions::exchange_for(input.root),
                      input.memory->sessions);
  }
}

}  // namespace ssh_keepalive
