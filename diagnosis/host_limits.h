// What ends sessions of idle users, beside sshd.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_HOST_LIMITS_H_
#define SSH_KEEPALIVE_DIAGNOSIS_HOST_LIMITS_H_

#include "collectors/host_facts.h"
#include "diagnosis/session_verdict.h"

namespace ssh_keepalive::diagnosis {

// logind's StopIdleSessionSec; the shells' TMOUT and autologout, with an end
// that is never where it may not act.
HostLimits host_limits(const HostFacts& host);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_HOST_LIMITS_H_
