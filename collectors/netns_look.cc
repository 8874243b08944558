#include "collectors/netns_look.h"

#include <algorithm>
#include <utility>

#include "collectors/processes/descriptors.h"
#include "collectors/sessions/listening_ports.h"
#include "collectors/sessions/netlink.h"

namespace ssh_keepalive {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

// What one visit is about, and what it brings back. Shared with its thread.
struct Errand {
  HostRoot root;
  std::vector<std::uint16_t> ports;
  std::set<std::uint64_t> daemons_sockets;
  bool subscribes = false;  // to the news of destroyed sockets

  sysctl::Facts sysctl;
  std::vector<Error> sysctl_errors;
  sessions::Look sessions;
  std::vector<Error> session_errors;
  std::optional<sessions::DestroyedSockets> news;

  void run() {
    sysctl_errors = sysctl::collect(root, sysctl);
    const sessions::Exchange exchange = sessions::exchange_for(root);
    const std::vector<std::uint16_t> found =
        sessions::listening_ports(root, exchange, daemons_sockets);
    ports.insert(ports.end(), found.begin(), found.end());
    subscribe();
    session_errors = sessions::take_look(root, ports, exchange,
                                         sessions::kernel_clock, sessions);
  }

 private:
  // Where that is refused, ends are found by looks alone.
  void subscribe() {
    if (!subscribes) {
      return;
    }
    auto opened = sessions::DestroyedSockets::open(sessions::PortSet(ports));
    if (opened.ok()) {
      news = *std::move(opened);
    }
  }
};

void add_errors(const std::vector<Error>& from, const std::string& name,
                std::vector<Error>& to) {
  for (Error error : from) {
    error.subject += " in network namespace " + name;
    to.push_back(std::move(error));
  }
}

Error too_long(const std::string& name) {
  return {.attempted = "look into",
          .subject = "network namespace " + name,
          .reason = "it takes too long"};
}

// That it is gone is none. What is the same for all is told once.
void add_failure(const Error& error, OtherNamespaces& others) {
  std::vector<Error>& errors = others.session_errors;
  if (error.kind != ErrorKind::kAbsent &&
      std::ranges::find(errors, error) == errors.end()) {
    errors.push_back(error);
  }
}

bool has_daemon(const sshd_config::Facts& sshds, const netns::Name& netns) {
  return std::ranges::any_of(sshds.instances, [&netns](const auto& instance) {
    return instance.running && instance.netns == netns;
  });
}

}  // namespace

bool looks_at_namespaces(const HostRoot& root, const NetnsSettings& settings) {
  return settings.scan != NetnsScan::kOff && root.has_running_kernel() &&
         netns::may_enter();
}

std::string missing_right(const HostRoot& root, const NetnsSettings& settings) {
  if (settings.scan == NetnsScan::kOff || !root.has_running_kernel()) {
    return "";
  }
  if (!netns::may_enter()) {
    return "other network namespaces are not looked at: that needs "
           "CAP_SYS_ADMIN";
  }
  constexpr int kInit = 1;
  return netns::namespace_of(root, kInit)
             ? ""
             : "network namespaces of containers are not found, only those "
               "below /run/netns: that needs CAP_SYS_PTRACE";
}

std::set<std::uint64_t> sockets_of(const sshd_config::Facts& sshds,
                                   const netns::Name& netns) {
  std::set<std::uint64_t> inodes;
  for (const sshd_config::Instance& instance : sshds.instances) {
    if (instance.running && instance.netns == netns) {
      inodes.merge(processes::socket_inodes(instance.running->host,
                                            instance.running->process.pid));
    }
  }
  return inodes;
}

std::vector<std::uint16_t> known_ports(const sshd_config::Facts& sshds,
                                       const netns::Name& netns,
                                       const CollectorSettings& settings) {
  constexpr std::uint16_t kSshPort = 22;
  std::vector<std::uint16_t> ports = sshd_config::ports(sshds, netns);
  ports.push_back(kSshPort);
  ports.insert(ports.end(), settings.session_ports.begin(),
               settings.session_ports.end());
  return ports;
}

std::optional<Result<void>> NetnsLook::visit(
    Place& place, const netns::Visit::Door& door,
    const std::function<void()>& action, SteadyTime last_call) {
  const SteadyTime now = std::chrono::steady_clock::now();
  if ((place.pending && !place.pending->has_ended()) || now > last_call) {
    return std::nullopt;
  }
  place.pending.emplace(door, action);
  auto result = place.pending->wait_until(now + kMaxVisit);
  if (result) {
    place.pending.reset();
  }
  return result;
}

OtherNamespaces NetnsLook::look(const HostRoot& root,
                                const CollectorSettings& settings,
                                const sshd_config::Facts& sshds,
                                netns::Namespaces& namespaces,
                                NetnsNews& news) {
  const SteadyTime began = std::chrono::steady_clock::now();
  const bool wants_all = settings.netns.scan == NetnsScan::kAll;
  const std::map<netns::Id, netns::Found> found = namespaces.found();
  std::erase_if(places_, [&found](const auto& place) {
    return !found.contains(place.first);
  });
  news.keep_only(found);
  OtherNamespaces others;
  for (const auto& [id, one] : found) {
    Place& place = places_[id];
    const netns::Name name(one.name);
    const bool is_wanted =
        wants_all || namespaces.is_shown(id) || has_daemon(sshds, name);
    if (!is_wanted && began < place.look_again_at) {
      continue;
    }
    const auto errand = std::make_shared<Errand>(
        Errand{.root = root,
               .ports = known_ports(sshds, name, settings),
               .daemons_sockets = sockets_of(sshds, name),
               .subscribes = news.lacks(id)});
    const auto result = visit(
        place,
        [root, id = id, one = one] { return open_namespace(root, id, one); },
        [errand] { errand->run(); }, began + kMaxVisits);
    if (!result || !result->ok()) {
      add_failure(result ? result->error() : too_long(one.name), others);
      continue;
    }
    if (!is_wanted && errand->sessions.sockets.empty()) {
      place.look_again_at = began + kPause;
      continue;
    }
    const auto limit = static_cast<std::size_t>(settings.netns.series_limit);
    if (const auto shown = namespaces.show(id, limit)) {
      add_errors(errand->sysctl_errors, one.name, others.sysctl_errors);
      add_errors(errand->session_errors, one.name, others.session_errors);
      if (errand->news) {
        news.put(id, *std::move(errand->news));
      }
      news.set_ports(id, errand->ports);
      others.shown.push_back({.id = id,
                              .name = *shown,
                              .sysctl = errand->sysctl,
                              .sessions = std::move(errand->sessions)});
    }
  }
  std::ranges::sort(others.shown, {}, &OtherNamespace::name);
  return others;
}

}  // namespace ssh_keepalive
