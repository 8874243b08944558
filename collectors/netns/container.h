// Which container a process belongs to, by its cgroups.
#ifndef SSH_KEEPALIVE_COLLECTORS_NETNS_CONTAINER_H_
#define SSH_KEEPALIVE_COLLECTORS_NETNS_CONTAINER_H_

#include <string>
#include <string_view>

namespace ssh_keepalive::netns {

// From the content of /proc/PID/cgroup (cgroups(7)): the innermost container's
// short id with what runs it ("docker-0123456789ab", "libpod-…", "crio-…",
// "cri-containerd-…"), or its machine's name (systemd-nspawn, LXC). Empty where
// there is none. The names are the container managers' own conventions.
std::string container_of(std::string_view cgroups);

// The same for one component of a cgroup's path; a plain id, as where no
// systemd makes the scopes, is none yet.
std::string container_of_unit(std::string_view unit);

// At most 63 letters, digits, `.`, `_`, `@` and `-`: every other byte becomes
// `_`.
std::string sanitized(std::string_view name);

}  // namespace ssh_keepalive::netns

#endif  // SSH_KEEPALIVE_COLLECTORS_NETNS_CONTAINER_H_
