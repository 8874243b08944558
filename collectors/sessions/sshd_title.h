// What the processes of sshd say of themselves in their titles: setproctitle()
// in OpenSSH's sshd.c, sshd-session.c, sshd-auth.c, monitor.c, auth2.c,
// auth-pam.c and session.c, 8.4 to 10.0.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_SSHD_TITLE_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_SSHD_TITLE_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace ssh_keepalive::sessions {

enum class SshdPart : std::uint8_t {
  kListener,  // "sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups"
  kMonitor,   // keeps its privileges: "alice [priv]", "[accepted]"
  kPreauth,   // has none, until the user is known: "alice [net]"
  kPam,       // asks PAM meanwhile: "alice [pam]"
  kUser,      // serves the user: "alice@pts/0"
  kUnknown,   // no title of sshd
};

struct SshdTitle {
  SshdPart part = SshdPart::kUnknown;
  // Empty where the title has none, "unknown", or one with characters that do
  // not belong on a terminal. A long one may be cut.
  std::string user;
  std::string tty;  // "pts/0", "pts/0,pts/1"; empty: none
  // Of a user: whether anything was started, as "alice@notty" tells, and
  // "alice" denies.
  bool had_channel = false;

  bool operator==(const SshdTitle&) const = default;
};

SshdTitle parse_sshd_title(std::string_view title);

// Whether it is the title of an ssh that serves other sshs in the background,
// which it does once it has authenticated: "ssh: PATH [mux]" of ssh.c.
bool is_multiplexer_title(std::string_view title);

// Whether a name of a user may be shown: 1 to 256 graphic ASCII characters.
bool is_presentable(std::string_view user);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_SSHD_TITLE_H_
