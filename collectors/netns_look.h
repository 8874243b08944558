// What network namespaces beside the host's hold of SSH, and their settings.
#ifndef SSH_KEEPALIVE_COLLECTORS_NETNS_LOOK_H_
#define SSH_KEEPALIVE_COLLECTORS_NETNS_LOOK_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/netns/finder.h"
#include "collectors/netns/link.h"
#include "collectors/netns/name.h"
#include "collectors/netns/namespaces.h"
#include "collectors/netns/visit.h"
#include "collectors/netns_news.h"
#include "collectors/sessions/look.h"
#include "collectors/settings.h"
#include "collectors/sshd_config/sshd_config.h"
#include "collectors/sysctl/sysctl.h"

namespace ssh_keepalive {

// Whether other namespaces are looked at: where the user wants it, a kernel
// runs, and this process may enter them.
bool looks_at_namespaces(const HostRoot& root, const NetnsSettings& settings);

// Why they are not looked at, or not all of them, though the user wants it: the
// capability that is missing, for people. Empty: nothing is missing.
std::string missing_right(const HostRoot& root, const NetnsSettings& settings);

struct OtherNamespace {
  netns::Id id = 0;
  netns::Name name;
  sysctl::Facts sysctl;
  sessions::Look sessions;
};

// Those that are to be shown. With NetnsScan::kAuto, one that once had an SSH
// daemon or a socket of SSH is shown for as long as it lives.
struct OtherNamespaces {
  std::vector<OtherNamespace> shown;  // by name
  std::vector<Error> sysctl_errors;
  std::vector<Error> session_errors;
};

// Enters the namespaces, each once and on a thread of its own.
class NetnsLook {
 public:
  // With NetnsScan::kAuto, a namespace in which there was nothing is entered
  // again only after this, unless an SSH daemon starts in it.
  static constexpr std::chrono::seconds kPause{60};

  // Where a visit takes longer the namespace is left out, with an error, and
  // not entered again before that visit has ended.
  static constexpr std::chrono::seconds kMaxVisit{2};
  static constexpr std::chrono::seconds kMaxVisits{5};  // all together

  // `namespaces` were found just now. One that vanishes meanwhile is no error.
  // In those that are shown it subscribes to `news` where they are lacking.
  OtherNamespaces look(const HostRoot& root, const CollectorSettings& settings,
                       const sshd_config::Facts& sshds,
                       netns::Namespaces& namespaces, NetnsNews& news);

 private:
  struct Place {
    std::chrono::steady_clock::time_point look_again_at;
    std::optional<netns::Visit> pending;  // that took too long
  };

  // Nothing where it takes too long, an earlier one still does, or where it
  // would begin after `last_call`.
  static std::optional<Result<void>> visit(
      Place& place, const netns::Visit::Door& door,
      const std::function<void()>& action,
      std::chrono::steady_clock::time_point last_call);

  std::map<netns::Id, Place> places_;
};

// The sockets of the daemons of that namespace: only those that listen are of
// use.
std::set<std::uint64_t> sockets_of(const sshd_config::Facts& sshds,
                                   const netns::Name& netns);

// Where SSH is looked for in that namespace, but for what only its own sockets
// tell: port 22, what the configuration of its sshds says as far as it can be
// read, and what the user adds.
std::vector<std::uint16_t> known_ports(const sshd_config::Facts& sshds,
                                       const netns::Name& netns,
                                       const CollectorSettings& settings);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_NETNS_LOOK_H_
