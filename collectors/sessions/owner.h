// The process that holds a session's socket.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_OWNER_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_OWNER_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ssh_keepalive::sessions {

// Whose program it is, told by its name and its title.
enum class Implementation : std::uint8_t { kOpenSsh, kDropbear, kOther };

// The name of the reference pages.
std::string_view name_of(Implementation implementation);

// Everything here is as good as the process's own words: a user can call a
// program sshd. Empty texts and absent values: unknown.
struct Owner {
  // Of several that share the socket the one that serves the user, or that
  // asks who it is.
  int pid = 0;
  // sshd, sshd-session, sshd-auth, ssh, dropbear or dbclient; any other program
  // is "other": its name is its own choice.
  std::string process;
  Implementation implementation = Implementation::kOther;
  // Who logged in (nobody until then), or whose client it is: graphic ASCII.
  std::string user;
  std::string tty;       // "pts/3"; "pts/3,pts/4" where it has several
  std::string scope;     // "session-12.scope", or the unit it runs in
  std::string login_id;  // of the logind session: "12"
  // Of a user of sshd: whether a shell, command or subsystem was started, ever.
  // Nothing: unknown.
  std::optional<bool> had_channel;
  int listener_pid = 0;  // of the sshd that accepted it; 0: unknown
  // When the first of the processes that share the socket started, since boot:
  // for a server when it accepted the connection.
  std::chrono::milliseconds started_after_boot{0};
  // How long before this look that was, as far as the host tells its uptime.
  std::optional<std::chrono::milliseconds> age;

  bool operator==(const Owner&) const = default;
};

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_OWNER_H_
