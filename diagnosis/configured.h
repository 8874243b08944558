// What the configuration gives to new sessions.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_CONFIGURED_H_
#define SSH_KEEPALIVE_DIAGNOSIS_CONFIGURED_H_

#include <optional>
#include <string>
#include <vector>

#include "collectors/netns/name.h"
#include "collectors/registry.h"
#include "collectors/sessions/session.h"
#include "diagnosis/policy.h"
#include "diagnosis/session_verdict.h"
#include "diagnosis/ssh_end.h"

namespace ssh_keepalive::diagnosis {

// One sshd outside its Match blocks, or one profile of ssh: everybody's, or
// that of a user whose own file makes it another.
struct ConfiguredEnd {
  sessions::Role role = sessions::Role::kUnknown;  // kServer or kClient
  std::string name;                                // the daemon or the profile
  std::string user_file;  // "/home/jane/.ssh/config"; empty: everybody's
  netns::Name netns;
  // Of the facts; the one that is not of the role is null.
  const sshd_config::Instance* instance = nullptr;
  const ssh_config::Profile* profile = nullptr;
  SshEnd end;
  // On a new session over a short path; its fate is not judged.
  SessionVerdict verdict;
};

// "sshd ssh.service", "ssh, profile default", with the file of the user.
std::string program_of(const ConfiguredEnd& end);

// The path's timeout less its safety margin, less the refresh interval: below
// 0 it refreshes too late, by how much; minus infinity where it never does. A
// proxy on the path counts SSH's messages alone. Nothing: unknown.
std::optional<Seconds> refresh_margin(const ConfiguredEnd& end,
                                      const Policy& policy);

// Those whose settings are known; `facts` must outlive them.
std::vector<ConfiguredEnd> configured_ends(const Facts& facts);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_CONFIGURED_H_
