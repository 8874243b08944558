#include "collectors/sshd_config/sshd_config.h"

#include <algorithm>
#include <map>
#include <utility>

#include "collectors/base/number.h"
#include "collectors/netns/container.h"
#include "collectors/sshd_config/memory.h"
#include "collectors/sshd_config/socket_units.h"

namespace ssh_keepalive::sshd_config {
namespace {

// In one network namespace: more than anybody runs on purpose, and each one is
// a set of series.
constexpr std::size_t kMaxDaemons = 16;

// Which daemon, and which file of it, an instance is about.
struct Target {
  std::optional<Daemon> daemon;
  std::string file;  // empty: unknown
};

// Where nobody may look whose program it is, what a process of root says of
// itself is taken, but no file is read because of it.
std::string file_of(const Daemon& daemon) {
  const bool believed =
      daemon.trusted ? *daemon.trusted : !daemon.command_line.names_files();
  if (daemon.command_line.matters() && !believed) {
    return "";
  }
  return daemon.command_line.file.empty() ? kDefaultFile
                                          : daemon.command_line.file;
}

std::vector<Target> targets_of(const std::vector<std::string>& files,
                               const std::vector<Daemon>& daemons) {
  std::vector<Target> targets;
  targets.reserve(files.size() + daemons.size() + 1);
  for (const std::string& file : files) {
    targets.push_back({.file = file});
  }
  for (const Daemon& daemon : daemons) {
    const std::string file = daemon.implementation == Implementation::kOpenSsh
                                 ? file_of(daemon)
                                 : "";
    if (!daemon.netns.is_host()) {
      targets.push_back({.daemon = daemon, .file = file});
      continue;
    }
    const auto named = std::ranges::find_if(targets, [&](const Target& target) {
      return !target.daemon && !file.empty() && target.file == file;
    });
    if (named != targets.end()) {
      named->daemon = daemon;
    } else {
      targets.push_back({.daemon = daemon, .file = files.empty() ? file : ""});
    }
  }
  if (std::ranges::none_of(targets, [](const Target& target) {
        return !target.daemon || target.daemon->netns.is_host();
      })) {
    targets.insert(targets.begin(), {.file = kDefaultFile});
  }
  return targets;
}

// Leaves out the daemons of a namespace that are too many.
std::optional<Error> limit(std::vector<Daemon>& daemons) {
  std::map<netns::Name, std::size_t> counts;
  const std::size_t too_many =
      std::erase_if(daemons, [&counts](const Daemon& daemon) {
        return ++counts[daemon.netns] > kMaxDaemons;
      });
  if (too_many == 0) {
    return std::nullopt;
  }
  return Error{.kind = ErrorKind::kLimit,
               .attempted = "watch",
               .subject = "running SSH daemons",
               .reason = "more than " + std::to_string(kMaxDaemons)};
}

// -p of a daemon whose configuration is unknown.
void add_option_ports(const CommandLine& command_line,
                      std::vector<std::uint16_t>& ports) {
  for (const std::string& text : command_line.ports) {
    if (const auto port = parse_integer<std::uint16_t>(text)) {
      ports.push_back(*port);
    }
  }
}

std::string port_name(const Instance& instance) {
  if (!instance.configuration) {
    std::vector<std::uint16_t> ports;
    if (instance.running) {
      add_option_ports(instance.running->command_line, ports);
    }
    return "port-" +
           (ports.empty() ? "unknown" : std::to_string(ports.front()));
  }
  const Evaluation& globals = instance.configuration->globals;
  return globals.refusal
             ? "port-22"
             : "port-" + std::to_string(
                             globals.effective.listen_addresses.front().port);
}

std::string base_name(const Instance& instance, Memory& memory) {
  if (instance.socket_activated) {
    return "ssh.socket";
  }
  if (instance.running) {
    const std::string& unit = instance.running->unit;
    if (unit.ends_with(".service")) {
      return unit;
    }
    if (std::string container = netns::container_of_unit(unit);
        !container.empty()) {
      return container;
    }
  }
  std::string name = port_name(instance);
  if (!instance.running) {
    return name;
  }
  const bool is_valid =
      instance.configuration && !instance.configuration->globals.refusal;
  std::string& kept = memory.loads.name_of(*instance.running);
  if (is_valid || kept.empty()) {
    kept = std::move(name);
  }
  return kept;
}

// Labels are unique, or Prometheus would lose one of two equal series.
std::string unique_name(const Instance& instance, const Facts& facts,
                        Memory& memory) {
  const std::string base = base_name(instance, memory);
  std::string name = base;
  for (int number = 2;
       std::ranges::find(facts.instances, name, &Instance::daemon) !=
       facts.instances.end();
       ++number) {
    name = base + "-" + std::to_string(number);
  }
  return name;
}

// The version that the files are read for: of the package that the daemon's
// root has, else assumed.
openssh::Version version_for(const HostRoot& root, Memory& memory,
                             Instance& instance) {
  Result<openssh::Version> installed =
      memory.version_of(root).installed(root, "openssh-server");
  if (!installed.ok()) {
    return {};
  }
  if (!instance.running || instance.running->is_packaged) {
    instance.version = *installed;
  }
  return *installed;
}

// Fills in all of an instance but its name. `by_default`: nobody named the
// file, so that it may be missing.
void look_at(const HostRoot& host, const Target& target, bool by_default,
             Memory& memory, Instance& instance, std::vector<Error>& errors) {
  const HostRoot& root = instance.running ? instance.running->root : host;
  if (instance.running &&
      instance.running->implementation != Implementation::kOpenSsh) {
    return;
  }
  const openssh::Version version = version_for(root, memory, instance);
  std::string pid_file = Effective{}.pid_file.value;
  if (!target.file.empty()) {
    auto configuration = memory.configurations.get(
        root, target.file, version,
        instance.running ? instance.running->command_line : CommandLine{});
    if (!configuration.ok()) {
      const bool may_be_missing =
          by_default && configuration.error().kind == ErrorKind::kAbsent;
      if (!may_be_missing) {
        errors.push_back(configuration.error());
      }
    } else if ((*configuration)->globals.unknown) {
      errors.push_back(*(*configuration)->globals.unknown);
    } else {
      pid_file = (*configuration)->globals.effective.pid_file.value;
      instance.configuration = *configuration;
    }
  }
  if (instance.running) {
    memory.loads.judge(instance, pid_file);
  }
}

}  // namespace

openssh::Version version_or_assumed(const HostRoot& root,
                                    openssh::VersionMemory& memory) {
  Result<openssh::Version> installed = memory.installed(root, "openssh-server");
  return installed.ok() ? *std::move(installed) : openssh::Version{};
}

std::vector<Error> collect(const HostRoot& root,
                           const std::vector<std::string>& files,
                           const netns::NetworkOf& network_of,
                           std::chrono::steady_clock::time_point now,
                           Memory& memory, Facts& facts) {
  std::vector<Error> errors;
  Result<std::vector<Daemon>> daemons =
      find_daemons(root, network_of, memory.processes, now);
  facts.processes_visible = daemons.ok();
  if (!daemons.ok() && daemons.error().kind != ErrorKind::kAbsent &&
      daemons.error().kind != ErrorKind::kDenied) {
    errors.push_back(daemons.error());
  }
  std::vector<Daemon> running;
  if (daemons.ok()) {
    running = *std::move(daemons);
  }
  if (std::optional<Error> error = limit(running)) {
    errors.push_back(*std::move(error));
  }
  for (const Target& target : targets_of(files, running)) {
    Instance instance{
        .netns = target.daemon ? target.daemon->netns : netns::Name(),
        .running = target.daemon};
    look_at(root, target, files.empty(), memory, instance, errors);
    if (!instance.running && instance.configuration &&
        facts.processes_visible && is_socket_activated(root)) {
      instance.socket_activated = true;
      instance.loaded = instance.configuration;
      instance.stale = false;
    }
    if (instance.running || instance.configuration) {
      instance.daemon = unique_name(instance, facts, memory);
      facts.instances.push_back(std::move(instance));
    }
  }
  facts.socket_unit_ports = socket_unit_ports(root);
  memory.configurations.forget_unused();
  memory.loads.forget_unused();
  return errors;
}

std::vector<std::uint16_t> ports(const Facts& facts, const netns::Name& netns) {
  std::vector<std::uint16_t> all;
  if (netns.is_host()) {
    all = facts.socket_unit_ports;
  }
  for (const Instance& instance : facts.instances) {
    if (instance.netns != netns) {
      continue;
    }
    if (!instance.configuration || instance.configuration->globals.refusal) {
      if (instance.running) {
        add_option_ports(instance.running->command_line, all);
      }
      continue;
    }
    for (const ListenAddress& address :
         instance.configuration->globals.effective.listen_addresses) {
      all.push_back(static_cast<std::uint16_t>(address.port));
    }
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace ssh_keepalive::sshd_config
