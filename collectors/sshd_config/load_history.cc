#include <algorithm>
#include <chrono>
#include <vector>

#include "collectors/base/file.h"
#include "collectors/base/number.h"
#include "collectors/processes/descriptors.h"
#include "collectors/sshd_config/memory.h"

namespace ssh_keepalive::sshd_config {
namespace {

using processes::Time;

// A start is known to a clock tick only, and the clock of modification times
// is coarse as well.
constexpr std::chrono::milliseconds kTolerance{20};

Time to_time(const FileIdentity& identity) {
  return Time(std::chrono::nanoseconds(identity.modified_ns));
}

// When sshd wrote its pid: right after it had read its configuration, also by
// SIGHUP, which does not change the start of the process.
std::optional<Time> pid_file_time(const Daemon& daemon,
                                  const std::string& path) {
  constexpr std::size_t kMaxPidBytes = 64;
  const Result<ssh_keepalive::File> file =
      read_file(daemon.root, path, kMaxPidBytes);
  if (!file.ok() ||
      parse_integer<int>(trim(file->bytes)) != daemon.namespace_pid) {
    return std::nullopt;
  }
  return to_time(file->identity);
}

bool share_one(const std::set<std::uint64_t>& a,
               const std::set<std::uint64_t>& b) {
  return std::ranges::any_of(
      a, [&b](std::uint64_t inode) { return b.contains(inode); });
}

}  // namespace

Time newest_file(const Document& document) {
  Time newest{};
  for (const auto& file : document.files) {
    newest = std::max(newest, to_time(file.second));
  }
  return newest;
}

void LoadHistory::judge(Instance& instance, const std::string& pid_file) {
  const Daemon& daemon = *instance.running;
  const auto [place, is_new] = loads_.try_emplace(
      std::pair(daemon.process.pid, daemon.process.start_ticks));
  Load& load = place->second;
  load.used = true;
  const std::optional<Time> written = pid_file_time(daemon, pid_file);
  // Without a pid file a reload shows in its sockets: sshd closes all of them
  // and listens anew.
  std::set<std::uint64_t> sockets =
      written ? std::set<std::uint64_t>()
              : processes::socket_inodes(daemon.host, daemon.process.pid);
  const bool listens_anew = !is_new && !sockets.empty() &&
                            !load.sockets.empty() &&
                            !share_one(sockets, load.sockets);
  std::optional<Time> loaded_at = written  ? written
                                  : is_new ? daemon.started_at
                                           : load.at;
  if (listens_anew) {
    loaded_at = std::chrono::time_point_cast<std::chrono::nanoseconds>(
        std::chrono::system_clock::now());
  }
  if (!loaded_at) {
    return;
  }
  if (loaded_at != load.at) {
    load.at = *loaded_at;
    load.fingerprint.reset();
    load.configuration.reset();
  }
  load.sockets = std::move(sockets);
  instance.loaded_at = loaded_at;
  // In a recorded tree files have the time at which they were copied.
  if (!instance.configuration || !daemon.host.has_running_kernel()) {
    instance.loaded = instance.configuration;
    return;
  }
  const Configuration& configuration = *instance.configuration;
  const bool is_newer =
      newest_file(configuration.document) > load.at + kTolerance;
  if (!load.fingerprint && !is_newer) {
    load.fingerprint = configuration.fingerprint;
    load.configuration = instance.configuration;
  }
  instance.loaded = load.configuration;
  instance.stale = load.fingerprint
                       ? *load.fingerprint != configuration.fingerprint
                       : is_newer;
}

std::string& LoadHistory::name_of(const Daemon& daemon) {
  return loads_[{daemon.process.pid, daemon.process.start_ticks}].name;
}

void LoadHistory::forget_unused() {
  std::erase_if(loads_, [](const auto& load) { return !load.second.used; });
  for (auto& [daemon, load] : loads_) {
    load.used = false;
  }
}

}  // namespace ssh_keepalive::sshd_config
