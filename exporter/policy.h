// The user's settings → the policy by which the host is judged.
#ifndef SSH_KEEPALIVE_EXPORTER_POLICY_H_
#define SSH_KEEPALIVE_EXPORTER_POLICY_H_

#include "collectors/registry.h"
#include "diagnosis/policy.h"
#include "exporter/settings.h"

namespace ssh_keepalive {

// With `auto` the sections [path NAME] are the path; without any, the network
// of the cloud in which the host runs, as far as `facts` tell, or else the
// cautious preset home-nat is assumed.
diagnosis::Policy policy_of(const Settings& settings, const Facts& facts);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_POLICY_H_
