// One live session with all that decides how it ends.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_SESSION_CASE_H_
#define SSH_KEEPALIVE_DIAGNOSIS_SESSION_CASE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "collectors/sessions/session.h"
#include "collectors/shell_timeout/shell_timeout.h"
#include "diagnosis/keepalive_timer.h"
#include "diagnosis/mechanism.h"
#include "diagnosis/retransmission.h"
#include "diagnosis/ssh_end.h"

namespace ssh_keepalive::diagnosis {

// What the kernel does in one network namespace. Nothing: unknown.
struct Kernel {
  std::optional<KeepaliveTimer> keepalive;
  std::optional<RetransmissionSettings> retransmission;
  // retransmission_time() by the timeout and the tail-loss probe's time, both
  // in jiffies.
  std::map<std::pair<std::int64_t, std::int64_t>, TimeRange> times;
};

// Where a result is nothing, a fact is unknown on which it depends.
struct SessionCase {
  const sessions::Session& session;
  const SshEnd* end;  // null: unknown
  Kernel& kernel;
  shell_timeout::LoginShell shell = shell_timeout::LoginShell::kUnknown;

  [[nodiscard]] const sessions::TcpInfo* info() const {
    return session.socket.info ? &*session.socket.info : nullptr;
  }

  // SO_KEEPALIVE.
  [[nodiscard]] std::optional<bool> keepalive() const;

  // See SessionVerdict.
  [[nodiscard]] std::optional<TimeOfLayer> refresh() const;
  [[nodiscard]] std::optional<TimeOfLayer> dead_peer() const;

  // Whether probes or data are unanswered now.
  [[nodiscard]] bool is_dying() const {
    return is_probing(session) || is_retransmitting(session);
  }
  // From now on. Where `end` is unknown, what the kernel alone does.
  [[nodiscard]] std::optional<TimeOfLayer> dying() const;

 private:
  [[nodiscard]] Seconds next_tick() const;
  [[nodiscard]] std::optional<TimeRange> probes() const;
  [[nodiscard]] std::optional<TimeRange> end_by_probes() const;
  [[nodiscard]] std::optional<TimeRange> retransmission() const;
  [[nodiscard]] std::optional<TimeOfLayer> own_refresh() const;
  [[nodiscard]] std::optional<TimeOfLayer> first_end(
      const TimeRange& by_probes, const TimeRange& first_message,
      const TimeRange& by_messages) const;
  [[nodiscard]] std::optional<TimeOfLayer> probing_end() const;
  [[nodiscard]] TimeOfLayer retransmitting_end() const;
};

// Since the last packet of the peer.
Seconds silence_of_peer(const sessions::TcpInfo& info);

// Whether `a` comes first, or else may come first.
bool is_sooner(const TimeRange& a, const TimeRange& b);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_SESSION_CASE_H_
