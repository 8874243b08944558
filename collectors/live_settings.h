// The SSH settings under which each live session runs.
//
// An sshd keeps the settings that its daemon had when it accepted the
// connection, whatever the files say later. So they are known of a session that
// was seen since then, or whose daemon's files are older than itself. An ssh
// keeps what it has read when it started: see ssh_config/live_client.h.
#ifndef SSH_KEEPALIVE_COLLECTORS_LIVE_SETTINGS_H_
#define SSH_KEEPALIVE_COLLECTORS_LIVE_SETTINGS_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/openssh_syntax/version.h"
#include "collectors/sessions/session.h"
#include "collectors/shell_timeout/shell_timeout.h"
#include "collectors/ssh_config/live_client.h"
#include "collectors/sshd_config/connection.h"
#include "collectors/sshd_config/sshd_config.h"

namespace ssh_keepalive::live_settings {

// What the sshd of one session has.
struct ServerSettings {
  sshd_config::Effective effective;  // for its user and address
  openssh::Release release;
  // Whence: for whoever wants to know what another configuration would give.
  sshd_config::Connection connection;
  std::shared_ptr<const sshd_config::Configuration> configuration;
};

struct Settings {
  std::shared_ptr<const ServerSettings> server;  // null: unknown, or no server
  std::string daemon;  // Instance::daemon of its sshd; empty: unknown
  // Null: unknown, or no OpenSSH client. Of a client of OpenSSH that speaks for
  // another one (ssh -W) its own.
  std::shared_ptr<const ssh_config::LiveClient> client;
  // Whether it lives on settings that a new session of the same user would not
  // get: those of sshd, and of an ssh on the same command line. Nothing:
  // unknown.
  std::optional<bool> outdated_sshd;
  std::optional<bool> outdated_ssh;
  // The login shell of its user, of a server on this host itself.
  shell_timeout::LoginShell shell = shell_timeout::LoginShell::kUnknown;
};

// What is kept of the sessions from one look to the next.
class Memory {
 public:
  // Of each of `sessions`, in their order. `now` is the time of that look.
  std::vector<Settings> look(const HostRoot& root,
                             std::span<const sessions::Session> sessions,
                             const sshd_config::Facts& sshds,
                             processes::Time now);

 private:
  struct Known {
    std::string daemon;
    std::string user;
    shell_timeout::LoginShell shell = shell_timeout::LoginShell::kUnknown;
    sessions::Phase phase = sessions::Phase::kUnknown;
    // The files for which `current` was found.
    std::shared_ptr<const sshd_config::Configuration> configuration;
    std::shared_ptr<const ServerSettings> current;
    std::shared_ptr<const ServerSettings> own;  // null: nobody saw them
    std::optional<bool> outdated;
    bool used = false;
  };
  class Look;

  std::shared_ptr<const ssh_config::LiveClient> client_of(
      const HostRoot& root, const sessions::Session& session);

  ssh_config::LiveClients clients_;
  std::unordered_map<std::uint64_t, Known> known_;  // by the socket's inode
};

}  // namespace ssh_keepalive::live_settings

#endif  // SSH_KEEPALIVE_COLLECTORS_LIVE_SETTINGS_H_
