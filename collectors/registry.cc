#include "collectors/registry.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "collectors/sessions/listening_ports.h"
#include "collectors/sessions/netlink.h"

namespace ssh_keepalive {
namespace {

SshdsSeen look_at_sshds(const CollectorInput& input) {
  CollectorMemory& memory = *input.memory;
  const auto now = std::chrono::steady_clock::now();
  SshdsSeen seen;
  netns::NetworkOf network_of = netns::host_only;
  if (looks_at_namespaces(input.root, input.settings.netns)) {
    seen.netns_error = memory.namespaces.find(input.root, now);
    network_of = [&](const HostRoot& root, int pid) {
      return memory.namespaces.show_of(
          root, pid,
          static_cast<std::size_t>(input.settings.netns.series_limit));
    };
  }
  seen.errors =
      sshd_config::collect(input.root, input.settings.sshd_config_files,
                           network_of, now, memory.sshd_config, seen.facts);
  return seen;
}

std::shared_ptr<const SshdsSeen> see_sshds(const CollectorInput& input,
                                           SshdReader reader) {
  return input.memory->sshds.take(reader, [&] { return look_at_sshds(input); });
}

std::shared_ptr<const OtherNamespaces> see_others(const CollectorInput& input,
                                                  NetnsReader reader) {
  CollectorMemory& memory = *input.memory;
  if (!looks_at_namespaces(input.root, input.settings.netns)) {
    memory.netns_news.keep_only({});
    return std::make_shared<const OtherNamespaces>();
  }
  return memory.other_namespaces.take(reader, [&] {
    const auto sshds = see_sshds(input, SshdReader::kNetns);
    OtherNamespaces others =
        memory.netns.look(input.root, input.settings, sshds->facts,
                          memory.namespaces, memory.netns_news);
    if (sshds->netns_error) {
      others.session_errors.push_back(*sshds->netns_error);
    }
    return others;
  });
}

// Where SSH is looked for in the host's namespace: see known_ports(), and where
// running daemons listen as far as their sockets can be seen.
std::vector<std::uint16_t> session_ports(const CollectorInput& input,
                                         const sshd_config::Facts& sshds) {
  const netns::Name host;
  std::vector<std::uint16_t> ports = known_ports(sshds, host, input.settings);
  const std::vector<std::uint16_t> found = sessions::listening_ports(
      input.root, sessions::exchange_for(input.root), sockets_of(sshds, host));
  ports.insert(ports.end(), found.begin(), found.end());
  RecentPorts& recent = input.memory->ports;
  const std::lock_guard lock(recent.mutex);
  recent.ports = ports;
  recent.known_at = std::chrono::steady_clock::now();
  return ports;
}

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
  const SshdsSeen sshds =
      input.memory->sshds.look_alone([&] { return look_at_sshds(input); });
  return session_ports(input, sshds.facts);
}

void append(const std::vector<Error>& more, std::vector<Error>& errors) {
  errors.insert(errors.end(), more.begin(), more.end());
}

}  // namespace

std::vector<Error> collect_sysctl(const CollectorInput& input, Facts& facts) {
  sysctl::FactsByNetns& all = facts.sysctl.emplace();
  std::vector<Error> errors = sysctl::collect(input.root, all[netns::Name()]);
  const auto others = see_others(input, NetnsReader::kSysctl);
  for (const OtherNamespace& other : others->shown) {
    all.emplace(other.name, other.sysctl);
  }
  append(others->sysctl_errors, errors);
  return errors;
}

std::vector<Error> collect_sshd_config(const CollectorInput& input,
                                       Facts& facts) {
  const auto sshds = see_sshds(input, SshdReader::kSshdConfig);
  facts.sshd_config = sshds->facts;
  return sshds->errors;
}

std::vector<Error> collect_ssh_config(const CollectorInput& input,
                                      Facts& facts) {
  return ssh_config::collect(input.root, input.settings,
                             input.memory->ssh_config,
                             facts.ssh_config.emplace());
}

std::vector<Error> collect_sessions(const CollectorInput& input, Facts& facts) {
  CollectorMemory& memory = *input.memory;
  const auto seen = see_others(input, NetnsReader::kSessions);
  const std::map<netns::Id, netns::Found> found = memory.namespaces.found();
  std::erase_if(memory.other_sessions, [&found](const auto& known) {
    return !found.contains(known.first);
  });
  std::vector<sessions::OtherLook> others;
  for (const OtherNamespace& other : seen->shown) {
    others.push_back({.netns = other.name,
                      .look = &other.sessions,
                      .memory = &memory.other_sessions[other.id]});
  }
  // Its errors are those of the collector sshd_config, which reports them.
  const auto sshds = see_sshds(input, SshdReader::kSessions);
  std::vector<Error> errors =
      sessions::collect(input.root, session_ports(input, sshds->facts),
                        sessions::exchange_for(input.root), &memory.sessions,
                        others, facts.sessions.emplace());
  append(seen->session_errors, errors);
  facts.live_settings =
      memory.live_settings.look(input.root, facts.sessions->sessions,
                                sshds->facts, std::chrono::system_clock::now());
  return errors;
}

std::vector<Error> collect_host(const CollectorInput& input, Facts& facts) {
  std::vector<std::string> files = {input.settings.ssh_config_file};
  const auto sshds = see_sshds(input, SshdReader::kHost);
  for (const sshd_config::Instance& instance : sshds->facts.instances) {
    // Of files in containers the owner is not asked.
    if (instance.configuration && instance.netns.is_host()) {
      for (const auto& file : instance.configuration->document.files) {
        files.push_back(file.first);
      }
    }
  }
  return look_at_host(input.root, files, std::chrono::steady_clock::now(),
                      input.memory->host, facts.host.emplace());
}

std::optional<std::vector<sessions::Session>> observe_sessions(
    const CollectorInput& input) {
  if (!input.root.has_running_kernel()) {
    return std::nullopt;
  }
  return sessions::observe(input.root, recent_session_ports(input),
                           sessions::exchange_for(input.root),
                           input.memory->sessions);
}

std::vector<std::uint16_t> watched_ports(const CollectorInput& input) {
  return recent_session_ports(input);
}

}  // namespace ssh_keepalive
