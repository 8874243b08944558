#include "collectors/netns/finder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "collectors/base/directory.h"
#include "collectors/base/file.h"
#include "collectors/base/number.h"
#include "collectors/netns/container.h"
#include "collectors/netns/name.h"
#include "collectors/processes/process.h"

namespace ssh_keepalive::netns {
namespace {

constexpr std::size_t kDoors = 4;  // processes kept of each namespace

// ip-netns(8) mounts them here by name.
constexpr std::string_view kMounts = "/run/netns";

// The service whose own namespace it is (PrivateNetwork=). Other units, such as
// the scope of a login, do not make any.
std::string service_of(const HostRoot& root, int pid) {
  const std::string unit = processes::unit_of(root, pid);
  return unit.ends_with(".service") ? sanitized(unit) : "";
}

std::string name_by_process(const HostRoot& root, int pid) {
  const Result<File> cgroups =
      read_file(root, "/proc/" + std::to_string(pid) + "/cgroup");
  std::string name = cgroups.ok() ? container_of(cgroups->bytes) : "";
  return name.empty() ? service_of(root, pid) : name;
}

Error too_many() {
  return {.kind = ErrorKind::kLimit,
          .attempted = "watch",
          .subject = "network namespaces",
          .reason = "more than " + std::to_string(Finder::kMost)};
}

}  // namespace

std::optional<Error> Finder::list_processes(
    const HostRoot& root, std::chrono::steady_clock::time_point now) {
  if (now - forgotten_at_ >= kForget) {
    processes_.clear();
    forgotten_at_ = now;
  }
  Processes listed;
  listed.reserve(processes_.size());
  const auto visited =
      visit_directory(root, "/proc", [&](std::string_view entry) {
        const int pid = parse_integer<int>(entry).value_or(0);
        if (pid > 0) {
          const auto known = std::ranges::lower_bound(
              processes_, pid, {}, &Processes::value_type::first);
          const bool is_known =
              known != processes_.end() && known->first == pid;
          listed.emplace_back(
              pid, is_known ? known->second
                            : namespace_of(root, pid).value_or(Id{0}));
        }
        return true;
      });
  std::ranges::sort(listed);
  processes_ = std::move(listed);
  return visited.ok() ? std::nullopt : std::optional(visited.error());
}

void Finder::name(const HostRoot& root, Id id, Found& found) const {
  std::string base =
      sanitized(found.path.empty()
                    ? std::string_view()
                    : std::string_view(found.path).substr(kMounts.size() + 1));
  if (base.empty() && !found.pids.empty()) {
    base = name_by_process(root, found.pids.front());
  }
  if (base.empty()) {
    base = fmt::format("net-{:x}", id);
  }
  const auto is_taken = [&](std::string_view text) {
    return text == kHost || text == kOther ||
           std::ranges::any_of(found_, [&](const auto& other) {
             return other.first != id && other.second.name == text;
           });
  };
  found.name = base;
  for (int number = 2; is_taken(found.name); ++number) {
    found.name = fmt::format("{}-{}", base, number);
  }
}

std::optional<Error> Finder::find(const HostRoot& root,
                                  std::chrono::steady_clock::time_point now) {
  const std::optional<Id> host = own_namespace(root);
  if (!host) {
    found_.clear();
    return Error{.attempted = "find",
                 .subject = "network namespaces",
                 .reason = "it is not known which one is the host's"};
  }
  std::optional<Error> error = list_processes(root, now);
  std::map<Id, Found> all;
  const auto place_of = [&](Id id) -> Found* {
    if (id == *host || id == 0) {
      return nullptr;
    }
    if (all.size() == kMost && !all.contains(id)) {
      error = too_many();
      return nullptr;
    }
    return &all[id];
  };
  for (const auto& [pid, id] : processes_) {
    Found* const found = place_of(id);
    if (found != nullptr && found->pids.size() < kDoors) {
      found->pids.push_back(pid);
    }
  }
  const Result<std::vector<std::string>> mounts =
      list_directory(root, kMounts, kMost);
  for (const std::string& mount :
       mounts.ok() ? *mounts : std::vector<std::string>()) {
    std::string path = std::string(kMounts) + '/' + mount;
    const std::optional<Id> id = mounted_namespace(root, path);
    Found* const found = id ? place_of(*id) : nullptr;
    if (found != nullptr && found->path.empty()) {
      found->path = std::move(path);
    }
  }
  // Names that are given stay, and are not given again.
  std::erase_if(found_, [&](const auto& old) {
    const auto still = all.find(old.first);
    if (still != all.end()) {
      still->second.name = old.second.name;
    }
    return still == all.end();
  });
  for (auto& [id, found] : all) {
    if (found.name.empty()) {
      name(root, id, found);
    }
    found_[id] = std::move(found);
  }
  return error;
}

Result<UniqueFd> open_namespace(const HostRoot& root, Id id,
                                const Found& found) {
  Error first{.kind = ErrorKind::kAbsent,
              .attempted = "open",
              .subject = "network namespace " + found.name,
              .reason = "it is gone"};
  for (const int pid : found.pids) {
    Result<UniqueFd> opened = open_namespace_of(root, pid, id);
    if (opened.ok()) {
      return opened;
    }
    if (first.kind == ErrorKind::kAbsent) {
      first = opened.error();
    }
  }
  if (found.path.empty()) {
    return first;
  }
  Result<UniqueFd> opened = open_mounted_namespace(root, found.path, id);
  return opened.ok() || first.kind == ErrorKind::kAbsent
             ? std::move(opened)
             : Result<UniqueFd>(first);
}

}  // namespace ssh_keepalive::netns
