#ifndef SSH_KEEPALIVE_EXPORTER_CLI_EXPLAIN_TCP_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_EXPLAIN_TCP_H_

#include <iosfwd>

#include "collectors/base/host_root.h"
#include "exporter/cli/output_format.h"
#include "exporter/exit_code.h"

namespace ssh_keepalive {

// `explain tcp`: the kernel's numbers, which line of sysctl.d sets each at
// boot, whether that is what the kernel has now, and the timeline they make.
// What cannot be read goes to `err`, a line each; then the exit code is kDenied
// or, for other failures, kFailed, after all that could be read was printed.
ExitCode explain_tcp(const HostRoot& root, OutputFormat format,
                     std::ostream& out, std::ostream& err);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_EXPLAIN_TCP_H_
