// How long the kernel keeps a connection whose program is gone and whose peer
// never closes: net.ipv4.tcp_fin_timeout, see ip-sysctl.rst in the kernel's
// documentation. It belongs to the network namespace.
#ifndef SSH_KEEPALIVE_COLLECTORS_FIN_TIMEOUT_FIN_TIMEOUT_H_
#define SSH_KEEPALIVE_COLLECTORS_FIN_TIMEOUT_FIN_TIMEOUT_H_

#include <prometheus/metric_family.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"

namespace ssh_keepalive::fin_timeout {

struct Facts {
  // Absent where it could not be read; then collect() has returned an error.
  std::optional<std::int64_t> seconds;
};

// Parses the content of the file: one whole number and a line break. Nothing
// where it is anything else or does not fit.
std::optional<std::int64_t> parse(std::string_view content);

// Reads it under `root`. Errors: read_file's; kInvalid: it is no number.
std::vector<Error> collect(const HostRoot& root, Facts& facts);

// The family sysctl_tcp_fin_timeout_seconds; none while it is unknown.
void append_metrics(const Facts& facts,
                    std::vector<prometheus::MetricFamily>& families);

}  // namespace ssh_keepalive::fin_timeout

#endif  // SSH_KEEPALIVE_COLLECTORS_FIN_TIMEOUT_FIN_TIMEOUT_H_
