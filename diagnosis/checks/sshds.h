// For checks that look at each sshd in turn.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_CHECKS_SSHDS_H_
#define SSH_KEEPALIVE_DIAGNOSIS_CHECKS_SSHDS_H_

#include <optional>
#include <string>
#include <vector>

#include "diagnosis/checks/check.h"

namespace ssh_keepalive::diagnosis {

FileLine place_of(const sshd_config::Source& source);

// "sshd ssh.service", "sshd port-22 in web".
std::string subject_of(const sshd_config::Instance& instance);

// Whether it runs, or systemd listens for it.
bool is_in_use(const sshd_config::Instance& instance);

// The instances whose files could be read; a host without sshd has none.
// Nothing: what sshd runs here is unknown.
std::optional<std::vector<const sshd_config::Instance*>> readable_sshds(
    const Facts& facts);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_CHECKS_SSHDS_H_
