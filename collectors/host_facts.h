// What else of the host bears on its sessions, and changes seldom.
#ifndef SSH_KEEPALIVE_COLLECTORS_HOST_FACTS_H_
#define SSH_KEEPALIVE_COLLECTORS_HOST_FACTS_H_

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/logind/logind.h"
#include "collectors/platform/platform.h"
#include "collectors/shell_timeout/shell_timeout.h"
#include "collectors/sysctl/sysctl_files.h"

namespace ssh_keepalive {

struct HostFacts {
  logind::Facts logind;
  shell_timeout::Facts shell_timeout;
  platform::Facts platform;
  sysctl::FileFacts sysctl_files;
  // Whether /etc/ssh/ssh_config begins with an Include of ssh_config.d.
  bool ssh_config_has_drop_ins = false;
  // Which tool owns a file of sshd's, ssh's or sysctl's settings, by its path;
  // only those that some tool owns.
  std::map<std::string, std::string_view, std::less<>> managed_by;
};

// Kept from one look to the next.
struct HostMemory {
  HostFacts facts;
  std::vector<Error> errors;
  std::chrono::steady_clock::time_point look_again_at;
};

// Looks at most once a minute; between, what the last look saw. `files`: those
// of whose owner is asked, beside sysctl's.
std::vector<Error> look_at_host(const HostRoot& root,
                                const std::vector<std::string>& files,
                                std::chrono::steady_clock::time_point now,
                                HostMemory& memory, HostFacts& facts);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_HOST_FACTS_H_
