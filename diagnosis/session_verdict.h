// What becomes of one live session: who refreshes it, when a dead peer is
// found, and how it ends if nobody touches it.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_SESSION_VERDICT_H_
#define SSH_KEEPALIVE_DIAGNOSIS_SESSION_VERDICT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "collectors/sessions/session.h"
#include "collectors/shell_timeout/shell_timeout.h"
#include "collectors/sysctl/sysctl.h"
#include "diagnosis/mechanism.h"
#include "diagnosis/session_case.h"
#include "diagnosis/ssh_end.h"

namespace ssh_keepalive::diagnosis {

enum class FateKind : std::uint8_t {
  kIntact,
  kLostByPath,  // refreshed after the path has forgotten it
  kIdleKill,    // ended because its user is idle, or has not logged in
  kDying,       // the peer does not answer
  kUnknown,
};

// The name of the reference pages: "lost_by_path".
std::string_view name_of(FateKind kind);

// The time counts from now, to the end of the session on this host; that of
// kLostByPath to the moment at which the path forgets it. Never where it
// lives on, or may live on.
struct Fate {
  FateKind kind = FateKind::kUnknown;
  std::optional<TimeRange> time;  // nothing: unknown
  std::optional<Layer> by;
  std::optional<FileLine> source;

  bool operator==(const Fate&) const = default;
};

struct SessionVerdict {
  // Longest wire silence while both ends are healthy. What the other end's
  // settings add is unknown, unless successive looks tell: it may only be less.
  std::optional<TimeOfLayer> refresh;
  // From the last packet received until this end gives up, were the path to
  // die now.
  std::optional<TimeOfLayer> dead_peer;
  // From the peer's last data until the program here gives up, by its messages
  // alone. Nothing: its settings are unknown.
  std::optional<TimeOfLayer> messages_end;
  Fate fate;

  bool operator==(const SessionVerdict&) const = default;
};

// For how long the path remembers a connection without packets.
struct Path {
  Seconds idle_timeout = kNever;        // which any packet resets
  Seconds bytes_idle_timeout = kNever;  // which only data resets: of a proxy
};

// Whether a path lies between the two ends: not on one host.
bool crosses_path(const sessions::Session& session);

// Other limits of a host for those who log in.
struct HostLimits {
  std::optional<IdleLimit> stop_idle_session;
  std::optional<IdleLimit> bash;
  std::optional<IdleLimit> zsh;
  std::optional<IdleLimit> tcsh;

  // Where the shell is unknown, that of bash, which need not act.
  [[nodiscard]] std::optional<IdleLimit> of(
      shell_timeout::LoginShell shell) const;
};

// Judges the sessions of one host at one moment.
class SessionJudge {
 public:
  // `kernel` must outlive this.
  SessionJudge(const sysctl::FactsByNetns& kernel, Path path,
               HostLimits limits);

  // `end`: this end's settings; null where they are unknown. `shell`: that of a
  // server's user.
  SessionVerdict judge(
      const sessions::Session& session, const SshEnd* end,
      shell_timeout::LoginShell shell = shell_timeout::LoginShell::kUnknown);

 private:
  Kernel& kernel_of(const netns::Name& netns);

  const sysctl::FactsByNetns& facts_;
  Path path_;
  HostLimits limits_;
  std::map<netns::Name, Kernel> kernels_;
};

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_SESSION_VERDICT_H_
