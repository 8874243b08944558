// Match blocks that set ClientAliveInterval or ClientAliveCountMax.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_MATCH_BLOCKS_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_MATCH_BLOCKS_H_

#include <optional>
#include <vector>

#include "collectors/sshd_config/document.h"

namespace ssh_keepalive::sshd_config {

struct MatchBlock {
  // All must match: more than one where a Match stands in a file that another
  // block includes.
  std::vector<const Line*> conditions;
  std::optional<int> interval_seconds;
  std::optional<int> count_max;
};

// In the order in which sshd meets them. `document` must be one that sshd does
// not refuse.
std::vector<MatchBlock> client_alive_blocks(const Document& document);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_MATCH_BLOCKS_H_
