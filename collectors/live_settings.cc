#include "collectors/live_settings.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "collectors/base/accounts.h"

namespace ssh_keepalive::live_settings {
namespace {

using processes::Time;
using sessions::Phase;
using sessions::Session;
using shell_timeout::LoginShell;
using sshd_config::Configuration;
using sshd_config::Instance;

// Starts are known to a clock tick, modification times are coarse as well.
constexpr std::chrono::milliseconds kTolerance{20};

bool is_valid(const Configuration& configuration) {
  return !configuration.globals.refusal && !configuration.globals.unknown;
}

bool listens_on(const Instance& instance, std::uint16_t port) {
  return instance.configuration && is_valid(*instance.configuration) &&
         std::ranges::any_of(
             instance.configuration->globals.effective.listen_addresses,
             [port](const auto& address) { return address.port == port; });
}

bool has_match(const sshd_config::File& file) {
  return std::ranges::any_of(file.lines, [](const sshd_config::Line& line) {
    return line.keyword &&
           line.keyword->keyword == sshd_config::Keyword::kMatch;
  });
}

// Whether it says the same for every connection.
bool is_for_all(const sshd_config::Document& document) {
  return !has_match(document.command_line) &&
         (document.main == nullptr || !has_match(*document.main)) &&
         std::ranges::none_of(document.included, [](const auto& one) {
           return one.second.ok() && has_match(**one.second);
         });
}

// The sshd that accepted it; null where that is not clear.
const Instance* instance_of(const Session& session,
                            const sshd_config::Facts& sshds) {
  const int listener = session.owner ? session.owner->listener_pid : 0;
  const Instance* found = nullptr;
  for (const Instance& instance : sshds.instances) {
    if (listener != 0) {
      if (instance.running && instance.running->process.pid == listener) {
        return &instance;
      }
    } else if (instance.netns == session.netns &&
               (instance.socket_activated ||
                listens_on(instance, session.socket.local.port))) {
      if (found != nullptr) {
        return nullptr;
      }
      found = &instance;
    }
  }
  return found;
}

// The same for a session, where its limits and messages are concerned.
bool is_same(const ServerSettings& a, const ServerSettings& b) {
  const auto values = [](const sshd_config::Effective& all) {
    return std::tie(
        all.tcp_keepalive.value, all.client_alive_interval_seconds.value,
        all.client_alive_count_max.value, all.channel_timeouts.value,
        all.unused_connection_timeout_seconds.value);
  };
  return values(a.effective) == values(b.effective);
}

}  // namespace

// One look, in which equal connections share what is found for them.
class Memory::Look {
 public:
  Look(const HostRoot& root, const sshd_config::Facts& sshds, Time now)
      : root_(root), sshds_(sshds), now_(now) {}

  Settings settings_of(const Session& session, Known& known) {
    known.used = true;
    const Instance* const instance = instance_of(session, sshds_);
    const std::string user = session.owner ? session.owner->user : "";
    if (known.user != user) {
      known.user = user;
      known.current = nullptr;
      known.shell = shell_of(instance, session.netns, user);
    }
    known.daemon = instance == nullptr ? "" : instance->daemon;
    const bool is_openssh =
        !session.owner ||
        session.owner->implementation == sessions::Implementation::kOpenSsh;
    if (instance == nullptr || !instance->configuration || !is_openssh ||
        !is_valid(*instance->configuration) ||
        (!session.owner && !is_for_all(instance->configuration->document))) {
      return settings_from(known);
    }
    const bool is_new =
        known.current == nullptr || known.phase != session.phase;
    if (is_new || known.configuration != instance->configuration) {
      known.phase = session.phase;
      known.configuration = instance->configuration;
      known.current = evaluated(*instance, instance->configuration, session);
      if (is_new || known.own == nullptr) {
        known.own = own_settings(*instance, session, known.current);
      }
      known.outdated = outdated(*instance, session, known);
    }
    return settings_from(known);
  }

 private:
  using Pointer = std::shared_ptr<const ServerSettings>;

  static Settings settings_from(const Known& known) {
    return {.server = known.own,
            .daemon = known.daemon,
            .client = nullptr,
            .outdated_sshd = known.outdated,
            .outdated_ssh = {},
            .shell = known.shell};
  }

  // In a container the start-up files of this host are not read.
  [[nodiscard]] LoginShell shell_of(const Instance* instance,
                                    const netns::Name& netns,
                                    const std::string& user) {
    const bool is_here = instance != nullptr && instance->running
                             ? instance->running->root.path() == root_.path()
                             : netns.is_host();
    if (!is_here) {
      return LoginShell::kOther;
    }
    const auto place = shells_.try_emplace(user, LoginShell::kUnknown);
    if (place.second) {
      if (const auto account = account_named(root_, user)) {
        place.first->second = shell_timeout::login_shell_of(account->shell);
      }
    }
    return place.first->second;
  }

  [[nodiscard]] std::optional<Time> start_of(const Session& session) const {
    if (!session.owner || !session.owner->age) {
      return std::nullopt;
    }
    return now_ - *session.owner->age;
  }

  // What its daemon had when it accepted the session.
  Pointer own_settings(const Instance& instance, const Session& session,
                       const Pointer& current) {
    if (!root_.has_running_kernel()) {
      return current;  // a recording: its times tell nothing
    }
    const auto start = start_of(session);
    const bool accepted_since_load =
        instance.socket_activated ||
        (start && instance.loaded_at && *instance.loaded_at <= *start);
    if (accepted_since_load && instance.loaded && !instance.socket_activated) {
      return evaluated(instance, instance.loaded, session);
    }
    const bool files_are_older =
        start &&
        newest_file(instance.configuration->document) + kTolerance < *start;
    const bool was_loaded = !instance.stale.value_or(false);
    return files_are_older && (was_loaded || instance.socket_activated)
               ? current
               : nullptr;
  }

  [[nodiscard]] std::optional<bool> outdated(const Instance& instance,
                                             const Session& session,
                                             const Known& known) const {
    if (known.own != nullptr && known.current != nullptr) {
      return !is_same(*known.own, *known.current);
    }
    const auto start = start_of(session);
    if (!start) {
      return std::nullopt;
    }
    return newest_file(instance.configuration->document) + kTolerance >= *start;
  }

  Pointer evaluated(const Instance& instance,
                    const std::shared_ptr<const Configuration>& configuration,
                    const Session& session) {
    const std::string user = session.owner && session.phase != Phase::kPreauth
                                 ? session.owner->user
                                 : "";
    const auto place = evaluated_.try_emplace(
        {configuration.get(), user, address_text(session.socket.peer),
         address_text(session.socket.local), session.socket.local.port});
    if (place.second) {
      place.first->second =
          evaluate(instance, configuration, user, session.socket);
    }
    return place.first->second;
  }

  Pointer evaluate(const Instance& instance,
                   const std::shared_ptr<const Configuration>& configuration,
                   const std::string& user, const sessions::Socket& socket) {
    // Without UseDNS, which is off unless somebody sets it, the host's name is
    // its address.
    sshd_config::Connection connection{
        .host = address_text(socket.peer),
        .address = address_text(socket.peer),
        .local_address = address_text(socket.local),
        .local_port = socket.local.port};
    if (!user.empty()) {
      connection.user = user;
      connection.groups =
          groups_of(instance.running ? instance.running->root : root_, user);
    }
    sshd_config::Evaluation evaluation =
        sshd_config::evaluate(configuration->document, &connection);
    if (evaluation.refusal || evaluation.unknown) {
      return nullptr;
    }
    return std::make_shared<ServerSettings>(
        ServerSettings{.effective = std::move(evaluation.effective),
                       .release = configuration->document.version.release,
                       .connection = std::move(connection),
                       .configuration = configuration});
  }

  const std::vector<std::string>& groups_of(const HostRoot& root,
                                            const std::string& user) {
    const auto place = groups_.try_emplace({root.path(), user});
    if (place.second) {
      place.first->second = sshd_config::groups_of(root, user);
    }
    return place.first->second;
  }

  using Key = std::tuple<const Configuration*, std::string, std::string,
                         std::string, std::uint16_t>;

  const HostRoot& root_;
  const sshd_config::Facts& sshds_;
  Time now_;
  std::map<Key, Pointer> evaluated_;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>>
      groups_;
  std::map<std::string, LoginShell> shells_;  // by user
};

std::shared_ptr<const ssh_config::LiveClient> Memory::client_of(
    const HostRoot& root, const Session& session) {
  constexpr std::string_view kSsh = "ssh";
  if (!session.owner || session.owner->process != kSsh) {
    return nullptr;
  }
  const Result<processes::Process> process =
      processes::read_process(root, session.owner->pid);
  if (!process.ok()) {
    return nullptr;
  }
  const Result<ssh_config::LiveClient>& client = clients_.find(root, *process);
  return client.ok() ? std::make_shared<ssh_config::LiveClient>(*client)
                     : nullptr;
}

std::vector<Settings> Memory::look(const HostRoot& root,
                                   std::span<const Session> sessions,
                                   const sshd_config::Facts& sshds, Time now) {
  Look look(root, sshds, now);
  clients_.refresh();
  std::vector<Settings> all;
  all.reserve(sessions.size());
  for (const Session& session : sessions) {
    const bool can_be_known =
        session.role == sessions::Role::kServer && session.socket.inode != 0;
    Settings settings;
    if (can_be_known) {
      settings = look.settings_of(session, known_[session.socket.inode]);
    } else if (session.role == sessions::Role::kClient) {
      settings.client = client_of(root, session);
      if (settings.client != nullptr) {
        settings.outdated_ssh = settings.client->outdated;
      }
    }
    all.push_back(std::move(settings));
  }
  std::erase_if(known_, [](const auto& one) { return !one.second.used; });
  for (auto& one : known_) {
    one.second.used = false;
  }
  return all;
}

}  // namespace ssh_keepalive::live_settings
