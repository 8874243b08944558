// Which line of which file to change, so that it wins.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_REMEDIES_H_
#define SSH_KEEPALIVE_DIAGNOSIS_REMEDIES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "collectors/registry.h"
#include "diagnosis/finding.h"

namespace ssh_keepalive::diagnosis {

// What makes that sshd read its files again; empty where the next connection
// does, or where it does not run.
std::string reload_command(const sshd_config::Instance& instance);

// Makes `text`, a line of sshd_config, hold outside of Match blocks. `current`:
// the line that decides now; nothing: the default does. sshd takes the first
// line, so that one is changed, or else a line added before all others: in a
// drop-in of its own where the main file begins with an Include of
// /etc/ssh/sshd_config.d/*.conf, else at the beginning of the main file.
Remedy sshd_remedy(const Facts& facts, const sshd_config::Instance& instance,
                   const std::optional<sshd_config::Source>& current,
                   std::string text);

// The same of ssh_config(5), for all hosts: the system's file. `current`
// outside of the system's files is a user's own.
Remedy ssh_remedy(const Facts& facts, const std::optional<FileLine>& current,
                  std::string text);

// Sets a setting of /proc/sys, "net.ipv4.tcp_keepalive_time": changes the line
// of sysctl.d(5) that sets it at boot, or adds one.
Remedy sysctl_remedy(const Facts& facts, std::string_view name,
                     std::int64_t value);

// Of that file; empty where no tool owns it.
std::string manager_of(const Facts& facts, std::string_view file);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_REMEDIES_H_
