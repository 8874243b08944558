// What a connection's last counters tell of the FINs of its ends.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_END_FIN_H_
#define SSH_KEEPALIVE_DIAGNOSIS_END_FIN_H_

#include <optional>

#include "diagnosis/end_cause.h"

namespace ssh_keepalive::diagnosis {

// The socket's last counters; nullptr: nobody saw them.
const sessions::TcpInfo* last_info(const EndFacts& facts);

// That of the end here, which is a byte beyond the payload; neither: it has
// sent none.
struct Fin {
  bool acknowledged = false;
  bool outstanding = false;  // sent, or behind data that nobody acknowledges
};

// Nothing on kernels that do not count payload.
std::optional<Fin> own_fin(const EndFacts& facts);

// Whether the peer's FIN has come. Nothing where a look came between two parts
// of a packet.
std::optional<bool> has_peers_fin_come(const EndFacts& facts);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_END_FIN_H_
