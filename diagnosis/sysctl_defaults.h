// What the kernel starts with: net/ipv4/tcp_ipv4.c, include/net/tcp.h and
// net/netfilter/nf_conntrack_proto_tcp.c.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_SYSCTL_DEFAULTS_H_
#define SSH_KEEPALIVE_DIAGNOSIS_SYSCTL_DEFAULTS_H_

#include <array>
#include <cstdint>
#include <optional>

#include "collectors/sysctl/sysctl.h"

namespace ssh_keepalive::diagnosis {

struct SysctlDefault {
  std::optional<std::int64_t> sysctl::Facts::*setting;
  std::int64_t value;
};

inline constexpr std::array kSysctlDefaults = {
    SysctlDefault{&sysctl::Facts::keepalive_time_seconds, 7200},
    SysctlDefault{&sysctl::Facts::keepalive_intvl_seconds, 75},
    SysctlDefault{&sysctl::Facts::keepalive_probes, 9},
    SysctlDefault{&sysctl::Facts::retries2, 15},
    SysctlDefault{&sysctl::Facts::rto_min_microseconds, 200'000},
    SysctlDefault{&sysctl::Facts::rto_max_milliseconds, 120'000},
    SysctlDefault{&sysctl::Facts::conntrack_established_seconds, 432'000},
};

// Nothing for a setting without a row.
constexpr std::optional<std::int64_t> sysctl_default(
    std::optional<std::int64_t> sysctl::Facts::*setting) {
  for (const SysctlDefault& row : kSysctlDefaults) {
    if (row.setting == setting) {
      return row.value;
    }
  }
  return std::nullopt;
}

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_SYSCTL_DEFAULTS_H_
