#include "diagnosis/host_limits.h"

namespace ssh_keepalive::diagnosis {
namespace {

std::optional<IdleLimit> shell_limit(const shell_timeout::Limit& shell) {
  if (!shell.timeout) {
    return std::nullopt;
  }
  return IdleLimit{.time = {Seconds(*shell.timeout),
                            shell.uncertain ? kNever : Seconds(*shell.timeout)},
                   .source = shell.source};
}

}  // namespace

std::optional<IdleLimit> HostLimits::of(shell_timeout::LoginShell shell) const {
  using shell_timeout::LoginShell;
  switch (shell) {
    case LoginShell::kBash:
      return bash;
    case LoginShell::kZsh:
      return zsh;
    case LoginShell::kTcsh:
      return tcsh;
    case LoginShell::kOther:
      return std::nullopt;
    case LoginShell::kUnknown:
      break;
  }
  std::optional<IdleLimit> limit = bash;
  if (limit) {
    limit->time.latest = kNever;
  }
  return limit;
}

HostLimits host_limits(const HostFacts& host) {
  HostLimits limits;
  if (host.logind.stop_idle_session && !host.logind.ignored) {
    limits.stop_idle_session =
        IdleLimit{.time = exactly(Seconds(*host.logind.stop_idle_session)),
                  .source = host.logind.source};
  }
  limits.bash = shell_limit(host.shell_timeout.bash);
  limits.zsh = shell_limit(host.shell_timeout.zsh);
  limits.tcsh = shell_limit(host.shell_timeout.tcsh);
  return limits;
}

}  // namespace ssh_keepalive::diagnosis
