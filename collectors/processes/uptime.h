// How long a host has been up: the clock of its processes' starts.
#ifndef SSH_KEEPALIVE_COLLECTORS_PROCESSES_UPTIME_H_
#define SSH_KEEPALIVE_COLLECTORS_PROCESSES_UPTIME_H_

#include <chrono>
#include <optional>
#include <string_view>

#include "collectors/base/host_root.h"

namespace ssh_keepalive::processes {

// Parses /proc/uptime, proc_uptime(5): the first of its two numbers, seconds
// with hundredths. Nothing where it is anything else, or more than a century.
std::optional<std::chrono::milliseconds> parse_uptime(std::string_view content);

// Since boot, with the time that the host was suspended, as start_ticks are. Of
// a running kernel by its clock, in a recorded tree by /proc/uptime; nothing
// where that cannot be read.
std::optional<std::chrono::milliseconds> uptime(const HostRoot& root);

}  // namespace ssh_keepalive::processes

#endif  // SSH_KEEPALIVE_COLLECTORS_PROCESSES_UPTIME_H_
