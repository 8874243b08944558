#ifndef SSH_KEEPALIVE_EXPORTER_CLI_EXPLAIN_SSHD_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_EXPLAIN_SSHD_H_

#include <iosfwd>
#include <string>

#include "collectors/base/host_root.h"
#include "exporter/cli/output_format.h"
#include "exporter/exit_code.h"

namespace ssh_keepalive {

struct ExplainSshdOptions {
  std::string file;             // empty: /etc/ssh/sshd_config
  std::string connection;       // -C, as for sshd -T; empty: none
  std::string openssh_version;  // empty: the installed one
  OutputFormat format = OutputFormat::kText;
};

// `explain sshd`: which value applies, and which line decided. One line on
// `err` and kUsage (-C or version), kRefused, kNoInput, kDenied or kFailed
// where there is no answer.
ExitCode explain_sshd(const ExplainSshdOptions& options, const HostRoot& root,
                      std::ostream& out, std::ostream& err);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_EXPLAIN_SSHD_H_
