// What two passes over the files have set → what acts.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_EFFECTIVE_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_EFFECTIVE_H_

#include "collectors/sshd_config/directives.h"
#include "collectors/sshd_config/evaluate.h"

namespace ssh_keepalive::sshd_config {

// What the first pass has set, with defaults for the rest.
Effective to_effective(Settings& settings);

// What blocks say, `settings`, beats what stands before them. Of the keywords
// that are allowed in Match.
void override_effective(Settings& settings, Effective& effective);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_EFFECTIVE_H_
