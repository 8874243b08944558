// Checks that look at each configured end in turn.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_CHECKS_ENDS_H_
#define SSH_KEEPALIVE_DIAGNOSIS_CHECKS_ENDS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "diagnosis/checks/check.h"

namespace ssh_keepalive::diagnosis {

// `look` adds what it finds and says whether it could judge that end; where it
// could judge none, the check was not evaluated.
Findings for_each_end(
    const CheckInput& input,
    const std::function<bool(const ConfiguredEnd& end,
                             std::vector<Finding>& findings)>& look);

// "sshd ssh.service", "ssh to any host", "ssh to db.example.org", "ssh to any
// host with /home/jane/.ssh/config".
std::string subject_of(const ConfiguredEnd& end);

// Whether its sshd takes up to twice each ClientAliveInterval (9.2 to 9.4).
bool doubles_client_alive(const ConfiguredEnd& end);

// ClientAliveInterval or ServerAliveInterval.
Remedy interval_remedy(const Facts& facts, const ConfiguredEnd& end,
                       std::int64_t seconds);

// ClientAliveCountMax or ServerAliveCountMax.
Remedy count_max_remedy(const Facts& facts, const ConfiguredEnd& end,
                        std::int64_t count);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_CHECKS_ENDS_H_
