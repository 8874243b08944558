// The kernel's TCP settings that decide how long an idle or dead connection
// lives: /proc/sys/net, see ip-sysctl.rst and nf_conntrack-sysctl.rst in the
// kernel's documentation. They belong to one network namespace each.
#ifndef SSH_KEEPALIVE_COLLECTORS_SYSCTL_SYSCTL_H_
#define SSH_KEEPALIVE_COLLECTORS_SYSCTL_SYSCTL_H_

#include <prometheus/metric_family.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/netns/name.h"

namespace ssh_keepalive::sysctl {

// Values as the kernel prints them, in the units of their names. A value is
// absent where the kernel has no such setting, or where it could not be read:
// then collect() has returned an error about it.
struct Facts {
  // Silence before the first probe. The kernel takes any int from -1 on.
  std::optional<std::int64_t> keepalive_time_seconds;
  // Between probes that nobody answers. Any int from -1 on.
  std::optional<std::int64_t> keepalive_intvl_seconds;
  // Unanswered probes before the end; 0 ends a connection at its first tick.
  std::optional<std::int64_t> keepalive_probes;
  // Decides how long unacknowledged data is sent again (not a plain count).
  std::optional<std::int64_t> retries2;
  std::optional<std::int64_t> rto_min_microseconds;  // kernel 6.12 and later
  std::optional<std::int64_t> rto_max_milliseconds;  // kernel 6.15 and later
  // Absent while the module nf_conntrack is not loaded.
  std::optional<std::int64_t> conntrack_established_seconds;

  bool operator==(const Facts&) const = default;
};

using FactsByNetns = std::map<netns::Name, Facts>;

// Parses the content of one file of /proc/sys: one decimal number and a line
// break. Nothing where it is anything else or does not fit 64 bits.
std::optional<std::int64_t> parse_value(std::string_view content);

// Reads all of them under `root`; where its kernel runs, those of the calling
// thread's network namespace. A missing file is an absent value and no
// error, except for the four settings that every kernel with TCP has.
std::vector<Error> collect(const HostRoot& root, Facts& facts);

// Families sysctl_*, of those namespaces that have series of their own: values
// of several namespaces have no sum.
void append_metrics(const FactsByNetns& facts,
                    std::vector<prometheus::MetricFamily>& families);

}  // namespace ssh_keepalive::sysctl

#endif  // SSH_KEEPALIVE_COLLECTORS_SYSCTL_SYSCTL_H_
