// Subscriptions to the news of destroyed sockets in other network namespaces.
#ifndef SSH_KEEPALIVE_COLLECTORS_NETNS_NEWS_H_
#define SSH_KEEPALIVE_COLLECTORS_NETNS_NEWS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "collectors/netns/finder.h"
#include "collectors/netns/link.h"
#include "collectors/sessions/ends/destroyed_sockets.h"

namespace ssh_keepalive {

// A subscription is a socket, and a socket keeps its namespace alive: the looks
// that find namespaces, by their processes and mounts, let go of those that are
// gone. Safe to use from several threads; reading the news is for one of them.
class NetnsNews {
 public:
  using Subscription = std::shared_ptr<sessions::DestroyedSockets>;
  using Ports = std::vector<std::uint16_t>;

  // Further namespaces have none: each takes two descriptors.
  static constexpr std::size_t kMost = 64;

  // Somebody reads the news: looks subscribe from now on.
  void want();

  // Whether a look into that namespace should subscribe there.
  [[nodiscard]] bool lacks(netns::Id id) const;
  void put(netns::Id id, sessions::DestroyedSockets news);

  // Where SSH is in that namespace now.
  void set_ports(netns::Id id, const Ports& ports);

  void keep_only(const std::map<netns::Id, netns::Found>& found);

  [[nodiscard]] std::map<netns::Id, Subscription> all() const;

 private:
  struct Entry {
    Ports ports;
    Subscription news;
  };

  mutable std::mutex mutex_;
  bool is_wanted_ = false;
  std::map<netns::Id, Entry> entries_;
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_NETNS_NEWS_H_
