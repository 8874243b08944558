// What sshd makes of its configuration → what `explain sshd` says.
#ifndef SSH_KEEPALIVE_EXPORTER_CLI_SSHD_EXPLANATION_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_SSHD_EXPLANATION_H_

#include <string>
#include <vector>

#include "collectors/openssh_syntax/version.h"
#include "collectors/sshd_config/sshd_config.h"
#include "exporter/cli/explanation.h"

namespace ssh_keepalive {

// The keywords in the order of `sshd -T`, the lines that never act, and notes
// on lines that act for other connections or not as they look.
Explanation explain_values(const sshd_config::Effective& effective,
                           const openssh::Version& version);

// Whether the running sshd has loaded this file, and what to do where it has
// not. `instance` may be null: none is known to run with it.
void add_running_daemon(const sshd_config::Instance* instance,
                        bool processes_visible, Explanation& explanation);

// What other daemons there are, that the explanation is not about.
void add_other_daemons(const sshd_config::Facts& facts,
                       const sshd_config::Instance* explained,
                       Explanation& explanation);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_SSHD_EXPLANATION_H_
