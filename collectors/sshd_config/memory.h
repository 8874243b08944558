// What is kept of the sshds from one look to the next.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_MEMORY_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_MEMORY_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "collectors/openssh_syntax/version.h"
#include "collectors/processes/process_table.h"
#include "collectors/sshd_config/sshd_config.h"

namespace ssh_keepalive::sshd_config {

// Configurations that were parsed, until a file changes.
class ConfigurationCache {
 public:
  // Errors: read_document's.
  Result<std::shared_ptr<const Configuration>> get(
      const HostRoot& root, const std::string& file,
      const openssh::Version& version, const CommandLine& command_line);

  // Forgets what was not asked for since the last call.
  void forget_unused();

 private:
  struct Entry {
    std::shared_ptr<const Configuration> configuration;
    bool used = false;
  };

  std::map<std::string, Entry> entries_;
};

// What running daemons have loaded, as far as it was watched.
class LoadHistory {
 public:
  // Whether the daemon of `instance` runs with other settings than its files
  // hold now. Sets loaded, loaded_at and stale.
  void judge(Instance& instance, const std::string& pid_file);

  // What the daemon was called when its configuration was last valid; empty
  // before. For the caller to keep: a broken file does not tell the ports.
  std::string& name_of(const Daemon& daemon);

  // Forgets daemons that were not judged since the last call.
  void forget_unused();

 private:
  struct Load {
    processes::Time at;
    // The configuration at that time; nothing where nobody watched.
    std::optional<std::uint64_t> fingerprint;
    std::shared_ptr<const Configuration> configuration;
    std::set<std::uint64_t> sockets;
    std::string name;
    bool used = false;
  };

  std::map<std::pair<int, std::uint64_t>, Load> loads_;  // pid, start_ticks
};

class Memory {
 public:
  openssh::VersionMemory& version_of(const HostRoot& root) {
    constexpr std::size_t kMost = 1024;  // containers come and go
    if (versions_.size() > kMost) {
      versions_.clear();
    }
    return versions_[root.path()];
  }

  processes::ProcessTable processes;
  ConfigurationCache configurations;
  LoadHistory loads;

 private:
  std::map<std::string, openssh::VersionMemory> versions_;  // by root
};

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_MEMORY_H_
