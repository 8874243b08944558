// Match blocks that set ClientAliveInterval or ClientAliveCountMax, and
// connections that would meet them.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_MATCH_BLOCKS_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_MATCH_BLOCKS_H_

#include <optional>
#include <vector>

#include "collectors/sshd_config/connection.h"
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

// A connection that meets the conditions of all `blocks`, as far as trying the
// values that they name finds one. `ports`: those that sshd listens on.
std::optional<Connection> connection_for(
    const std::vector<const MatchBlock*>& blocks,
    const openssh::Version& version, const std::vector<int>& ports);

// Connections that blocks leave out by a negation, as "*,!alice" does: one for
// each negated member, of at most 32.
std::vector<Connection> exceptions_of(const std::vector<MatchBlock>& blocks,
                                      const openssh::Version& version,
                                      const std::vector<int>& ports);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_MATCH_BLOCKS_H_
