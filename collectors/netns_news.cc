#include "collectors/netns_news.h"

#include <utility>

namespace ssh_keepalive {

void NetnsNews::want() {
  const std::lock_guard lock(mutex_);
  is_wanted_ = true;
}

bool NetnsNews::lacks(netns::Id id) const {
  const std::lock_guard lock(mutex_);
  return is_wanted_ && entries_.size() < kMost && !entries_.contains(id);
}

void NetnsNews::put(netns::Id id, sessions::DestroyedSockets news) {
  const std::lock_guard lock(mutex_);
  entries_.insert_or_assign(
      id, Entry{.ports = {},
                .news = std::make_shared<sessions::DestroyedSockets>(
                    std::move(news))});
}

void NetnsNews::set_ports(netns::Id id, const Ports& ports) {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(id);
  if (entry != entries_.end() && entry->second.ports != ports) {
    // That of before stays where it is refused.
    if (entry->second.news->set_ports(sessions::PortSet(ports)).ok()) {
      entry->second.ports = ports;
    }
  }
}

void NetnsNews::keep_only(const std::map<netns::Id, netns::Found>& found) {
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [&found](const auto& entry) {
    return !found.contains(entry.first);
  });
}

std::map<netns::Id, NetnsNews::Subscription> NetnsNews::all() const {
  const std::lock_guard lock(mutex_);
  std::map<netns::Id, Subscription> all;
  for (const auto& [id, entry] : entries_) {
    all.emplace(id, entry.news);
  }
  return all;
}

}  // namespace ssh_keepalive
