#include "diagnosis/host_limits.h"

namespace ssh_keepalive::diagnosis {
namespace {

// Users have bash, or a shell that reads the same files.
std::optional<IdleLimit> shell_limit(const shell_timeout::Facts& shells) {
  const shell_timeout::Limit& bash = shells.bash;
  if (!bash.timeout) {
    return std::nullopt;
  }
  return IdleLimit{.time = {Seconds(*bash.timeout),
                            bash.uncertain ? kNever : Seconds(*bash.timeout)},
                   .source = bash.source};
}

}  // namespace

HostLimits host_limits(const HostFacts& host) {
  HostLimits limits;
  if (host.logind.stop_idle_session && !host.logind.ignored) {
    limits.stop_idle_session =
        IdleLimit{.time = exactly(Seconds(*host.logind.stop_idle_session)),
                  .source = host.logind.source};
  }
  limits.shell_timeout = shell_limit(host.shell_timeout);
  return limits;
}

}  // namespace ssh_keepalive::diagnosis
