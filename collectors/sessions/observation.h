// How long one connection is silent between packets, told from its counters of
// segments (tcpi_segs_in, tcpi_segs_out) in successive looks.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_OBSERVATION_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_OBSERVATION_H_

#include <chrono>
#include <cstdint>
#include <optional>

#include "collectors/sessions/clock.h"
#include "collectors/sessions/session.h"

namespace ssh_keepalive::sessions {

// Equal counters in two looks prove silence between them, different ones prove
// traffic: whoever sent it, and whatever program the peer runs. So each
// silence lies between two bounds, about two looks apart; times of tcp_info
// narrow them. It counts once its beginning and its end were seen, and if it
// ended with a packet that was received: what only leaves here may be sent
// into a path that is dead. A silence in which the host was suspended does not
// count.
class Observation {
 public:
  // One look, later than all before.
  void add(const TcpInfo& info, const LookTime& time);

  // The longest of the silences of late: of the last ten minutes, or of twice
  // as long as it is itself, whichever is more; up to twice that may count.
  // While the user is idle that is the refresh interval of whoever refreshes
  // first, peer or host. Nothing before the first whole silence, and while the
  // present one is longer already: how long is not known before its end.
  [[nodiscard]] std::optional<ObservedRefresh> refresh() const;

 private:
  using nanoseconds = std::chrono::nanoseconds;

  void begin_silence(const TcpInfo& info, const LookTime& time,
                     nanoseconds last_packet_after);
  void end_silence(const TcpInfo& info, const LookTime& time);
  [[nodiscard]] std::optional<ObservedRefresh> longest() const;

  bool looked_ = false;
  bool beginning_seen_ = false;  // of the present silence
  std::uint32_t segments_sent_ = 0;
  std::uint32_t segments_received_ = 0;
  // The packet before the present silence came after this...
  nanoseconds last_packet_after_{0};
  // ...and before this: the first look with the present counters had ended.
  nanoseconds silent_from_{0};
  LookTime last_look_;
  // Longest silences of the present period of time and of the one before it.
  std::optional<ObservedRefresh> recent_;
  std::optional<ObservedRefresh> earlier_;
  nanoseconds recent_from_{0};
  int alike_ = 0;  // of the last silences, how many may be the longest
};

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_OBSERVATION_H_
