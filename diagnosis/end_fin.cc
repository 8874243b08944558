#include "diagnosis/end_fin.h"

#include <cstdint>

namespace ssh_keepalive::diagnosis {
namespace {

using sessions::FinalSocket;
using sessions::Role;
using sessions::TcpInfo;

// All of SSH's packets are multiples of so many bytes long (RFC 4253, 6; the
// same goes for the ciphers and MACs of OpenSSH).
constexpr std::uint64_t kUnit = 4;

// A FIN counts as one byte. So far nothing but packets was in flight, and what
// was not sent and what was written since the last look are both one more than
// packets come to.
bool is_fin_unsent(const EndFacts& facts, const TcpInfo& info) {
  const auto& before = facts.session.socket.info;
  const FinalSocket& final = *facts.final;
  return before && final.bytes_not_sent % kUnit == 1 &&
         (info.bytes_acknowledged + final.unacknowledged_bytes -
          before->bytes_acknowledged) %
                 kUnit ==
             1;
}

}  // namespace

const TcpInfo* last_info(const EndFacts& facts) {
  return facts.final && facts.final->socket.info ? &*facts.final->socket.info
                                                 : nullptr;
}

// Bytes that were acknowledged, and those written that were not, beyond the
// payload, once the SYN of whoever opened it is left out.
std::optional<Fin> own_fin(const EndFacts& facts) {
  const TcpInfo* const info = last_info(facts);
  if (info == nullptr || !facts.final->bytes_sent ||
      !facts.final->bytes_retransmitted) {
    return std::nullopt;
  }
  const std::uint64_t payload =
      *facts.final->bytes_sent - *facts.final->bytes_retransmitted;
  const std::uint64_t syn = facts.session.role == Role::kServer ? 0 : 1;
  const std::uint64_t acknowledged = info->bytes_acknowledged;
  const std::uint64_t written =
      acknowledged + facts.final->unacknowledged_bytes;
  const bool is_acknowledged = acknowledged == payload + syn + 1;
  const bool is_sent =
      written == payload + facts.final->bytes_not_sent + syn + 1;
  return Fin{.acknowledged = is_acknowledged,
             .outstanding =
                 !is_acknowledged && (is_sent || is_fin_unsent(facts, *info))};
}

// Whether the peer's FIN has come: before the last look, or else it counts as a
// byte received.
std::optional<bool> has_peers_fin_come(const EndFacts& facts) {
  if (facts.session.socket.state == sessions::TcpState::kCloseWait) {
    return true;
  }
  const TcpInfo* const info = last_info(facts);
  const auto& before = facts.session.socket.info;
  if (info == nullptr || !before) {
    return std::nullopt;
  }
  const std::uint64_t rest =
      (info->bytes_received - before->bytes_received) % kUnit;
  return rest <= 1 ? std::optional(rest == 1) : std::nullopt;
}

}  // namespace ssh_keepalive::diagnosis
