// The user's settings → the policy by which the host is judged.
#ifndef SSH_KEEPALIVE_EXPORTER_POLICY_H_
#define SSH_KEEPALIVE_EXPORTER_POLICY_H_

#include "collectors/base/host_root.h"
#include "collectors/registry.h"
#include "diagnosis/policy.h"
#include "exporter/ends/stored_ends.h"
#include "exporter/settings.h"

namespace ssh_keepalive {

// With `auto` the sections [path NAME] are the path; without any, the network
// of the cloud in which the host runs, as far as `facts` tell, or else the
// cautious preset home-nat is assumed. `observed` is what ended sessions have
// shown of the host's own path.
diagnosis::Policy policy_of(const Settings& settings, const Facts& facts,
                            const PathIdles& observed = {});

// What the state file of `settings` holds of it: nothing where there is none,
// or it may not be read.
PathIdles stored_paths(const Settings& settings, const HostRoot& root);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_POLICY_H_
