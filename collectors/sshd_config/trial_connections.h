// Connections made up to meet certain Match blocks.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_TRIAL_CONNECTIONS_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_TRIAL_CONNECTIONS_H_

#include <optional>
#include <vector>

#include "collectors/sshd_config/connection.h"
#include "collectors/sshd_config/match_blocks.h"

namespace ssh_keepalive::sshd_config {

// A connection that meets the conditions of all `blocks`, as far as trying the
// values that they name finds one. `ports`: those that sshd listens on.
std::optional<Connection> connection_for(
    const std::vector<const MatchBlock*>& blocks, const Document& document,
    const std::vector<int>& ports);

// Connections that blocks leave out by a negation, as "*,!alice" does: one for
// each negated member, of at most 32.
std::vector<Connection> exceptions_of(const std::vector<MatchBlock>& blocks,
                                      const Document& document,
                                      const std::vector<int>& ports);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_TRIAL_CONNECTIONS_H_
