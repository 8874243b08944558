// The files of sysctl.d(5): found, read, and cut down to the lines that may be
// about the settings of interest, in the order in which systemd-sysctl of
// systemd 252 takes them.
#ifndef SSH_KEEPALIVE_COLLECTORS_SYSCTL_SYSCTL_D_H_
#define SSH_KEEPALIVE_COLLECTORS_SYSCTL_SYSCTL_D_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/sysctl/sysctl_assignments.h"
#include "collectors/sysctl/sysctl_files.h"

namespace ssh_keepalive::sysctl {

// A line that is about one of the settings.
struct Step {
  FileLine at;
  std::string key;                   // a path below /proc/sys, or a glob
  std::optional<std::string> value;  // nothing: an exclusion
  // What the line or file says could not be found out: it may be anything.
  bool unknown = false;

  // Whether the line names that path. Never for an unknown one.
  [[nodiscard]] bool names(std::string_view path) const;
};

struct ReplacedStep {
  Step step;
  std::string by;  // the file of the same name that is read instead
};

struct SysctlD {
  std::vector<Step> acting;  // in the order in which they act
  std::vector<ReplacedStep> replaced;
  std::vector<Step> not_read;  // in an /etc/sysctl.conf that nothing links to
  std::optional<std::string> sysctl_conf_link;
  // There may be more files than were found.
  bool incomplete = false;
  std::vector<Error> errors;
};

// `paths` are those of the settings, below /proc/sys.
SysctlD read_sysctl_d(const HostRoot& root,
                      const std::vector<std::string>& paths);

}  // namespace ssh_keepalive::sysctl

#endif  // SSH_KEEPALIVE_COLLECTORS_SYSCTL_SYSCTL_D_H_
