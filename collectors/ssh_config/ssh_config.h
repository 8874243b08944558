// The client's configuration of this host: what ssh(1) uses for keepalive, for
// a host that nobody configured and for the hosts that the user names.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_SSH_CONFIG_H_
#define SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_SSH_CONFIG_H_

#include <prometheus/metric_family.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/file_line.h"
#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/openssh_syntax/channel_timeout.h"
#include "collectors/openssh_syntax/version.h"
#include "collectors/settings.h"

namespace ssh_keepalive::ssh_config {

class Files;

// A name that no block but the likes of `Host *` matches: `.invalid` is
// reserved (RFC 2606), and its dots keep CanonicalizeHostname away from it.
inline constexpr std::string_view kDefaultHost =
    "host.ssh-keepalive-exporter.invalid";
inline constexpr std::string_view kDefaultProfile = "default";

// What ssh uses for one host. A value is absent where it depends on something
// that this program does not find out, such as a Match exec.
struct Profile {
  std::string name;  // label: "default" or the configured host
  std::optional<std::int64_t> server_alive_interval_seconds;  // 0: off
  std::optional<std::int64_t> server_alive_count_max;
  // The lines that set the two; nothing: the defaults do.
  std::optional<FileLine> interval_source;
  std::optional<FileLine> count_max_source;
  std::optional<bool> tcp_keepalive;
  // Behind ProxyJump or ProxyCommand: TCP keepalive does not act.
  std::optional<bool> proxied;
  std::vector<openssh::ChannelTimeout> channel_timeouts;
  std::optional<FileLine> channel_timeouts_source;
  // Of ControlPersist; nothing: for ever.
  std::optional<std::int64_t> control_persist_seconds;
  std::optional<FileLine> control_persist_source;
  openssh::Version version;

  bool operator==(const Profile&) const = default;
};

// What ssh uses for the hosts when a certain user runs it. For reports: who
// the users of a host are is nothing for metrics.
struct UserProfiles {
  std::string user;
  std::string file;  // that user's own: "/home/jane/.ssh/config"
  std::vector<Profile> profiles;
  // Why profiles are missing: ssh would refuse a file of the user's, or it may
  // not be read. No failure of this program.
  std::vector<Error> errors;
};

struct Facts {
  std::vector<Profile> profiles;
  std::vector<UserProfiles> users;  // of settings.ssh_users
  // Keywords of sshd's that ssh refuses in those files.
  std::vector<FileLine> misplaced;
};

// Kept from one run to the next: only files that have changed are parsed.
struct Memory {
  openssh::VersionMemory version;
  std::shared_ptr<Files> files;
  std::map<std::string, std::shared_ptr<Files>> files_of_users;
};

// Evaluates the system's file for the default host and settings.ssh_hosts.
// Without that file ssh's defaults apply. What depends on who runs ssh is
// absent there. For each of settings.ssh_users also ~/.ssh/config is read, with
// that user's rights. Errors: the file cannot be read (kDenied: no profile at
// all), ssh would refuse it (kInvalid: "FILE:LINE"), there is no such user
// (kAbsent), or this process may not act for that user (kDenied).
std::vector<Error> collect(const HostRoot& root,
                           const CollectorSettings& settings, Memory& memory,
                           Facts& facts);

// Families ssh_*, with a label profile.
void append_metrics(const Facts& facts,
                    std::vector<prometheus::MetricFamily>& families);

}  // namespace ssh_keepalive::ssh_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_SSH_CONFIG_H_
