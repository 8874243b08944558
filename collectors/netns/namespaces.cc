#include "collectors/netns/namespaces.h"

#include <algorithm>

namespace ssh_keepalive::netns {

std::optional<Name> host_only(const HostRoot& root, int pid) {
  const std::optional<Id> own = own_namespace(root);
  return !own || namespace_of(root, pid).value_or(*own) == *own
             ? std::optional(Name())
             : std::nullopt;
}

std::optional<Error> Namespaces::find(
    const HostRoot& root, std::chrono::steady_clock::time_point now) {
  const std::lock_guard lock(mutex_);
  std::optional<Error> error = finder_.find(root, now);
  std::erase_if(shown_,
                [this](Id id) { return !finder_.found().contains(id); });
  return error;
}

std::map<Id, Found> Namespaces::found() const {
  const std::lock_guard lock(mutex_);
  return finder_.found();
}

std::optional<Name> Namespaces::show(Id id, std::size_t series_limit) {
  const std::lock_guard lock(mutex_);
  const auto found = finder_.found().find(id);
  if (found == finder_.found().end()) {
    return std::nullopt;
  }
  auto place = std::ranges::find(shown_, id);
  if (place == shown_.end()) {
    place = shown_.insert(place, id);
  }
  const auto rank = static_cast<std::size_t>(place - shown_.begin());
  return Name(found->second.name, rank < series_limit);
}

std::optional<Name> Namespaces::show_of(const HostRoot& root, int pid,
                                        std::size_t series_limit) {
  if (auto host = host_only(root, pid)) {
    return host;
  }
  const std::optional<Id> id = namespace_of(root, pid);
  return id ? show(*id, series_limit) : std::nullopt;
}

bool Namespaces::is_shown(Id id) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::find(shown_, id) != shown_.end();
}

}  // namespace ssh_keepalive::netns
