#ifndef SSH_KEEPALIVE_EXPORTER_CLI_EXPLAIN_SSH_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_EXPLAIN_SSH_H_

#include <cstdint>
#include <iosfwd>
#include <string>

#include "collectors/base/host_root.h"
#include "exporter/cli/output_format.h"
#include "exporter/exit_code.h"

namespace ssh_keepalive {

struct ExplainSshOptions {
  std::string host;  // as on ssh's command line: [user@]HOST or a URI
  std::string file;  // as `ssh -F`; empty: the user's, the system's
  std::string user;  // as `ssh -l`; empty: none
  std::string openssh_version;  // empty: the installed one
  std::string system_file = "/etc/ssh/ssh_config";
  OutputFormat format = OutputFormat::kText;
  // The invoking user; see set_invoking_user().
  std::uint32_t uid = 0;
  std::string user_name;  // empty: unknown
  std::string home;       // empty: unknown, then no ~/.ssh/config is read
};

// Fills in who runs this program: the real uid, and its name and home by the
// user database (of the root that is looked at).
void set_invoking_user(const HostRoot& root, ExplainSshOptions& options);

// `explain ssh`: what ssh would use for a host, and which line decided. One
// line on `err` and kUsage (host, user or version), kRefused (the first
// refusal, and how many more), kNoInput, kDenied or kFailed where there is no
// answer.
ExitCode explain_ssh(const ExplainSshOptions& options, const HostRoot& root,
                     std::ostream& out, std::ostream& err);

// The same for another user of the host, whose files are read with that user's
// rights. Also kUsage where there is no such user, kDenied without the right to
// act for that user.
ExitCode explain_ssh_as(const std::string& name, ExplainSshOptions options,
                        const HostRoot& root, std::ostream& out,
                        std::ostream& err);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_EXPLAIN_SSH_H_
