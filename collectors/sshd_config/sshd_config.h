// The sshds of this host, running or only configured, and what their files say.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_SSHD_CONFIG_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_SSHD_CONFIG_H_

#include <prometheus/metric_family.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/sshd_config/daemon.h"
#include "collectors/sshd_config/document.h"
#include "collectors/sshd_config/evaluate.h"
#include "collectors/sshd_config/reachable.h"

namespace ssh_keepalive::sshd_config {

inline constexpr const char* kDefaultFile = "/etc/ssh/sshd_config";

class Memory;

// One configuration file with all that it includes.
struct Configuration {
  std::string file;
  Document document;
  Evaluation globals;   // what holds outside Match blocks
  Reachable reachable;  // what Match blocks can make of it
  std::uint64_t fingerprint = 0;
};

// An sshd that runs, or one that is only configured.
struct Instance {
  // The label that tells instances apart: the unit or container of the running
  // daemon, else "port-22" by its first port; a further one of the same name
  // gets a number behind it, "port-22-2".
  std::string daemon;
  netns::Name netns;
  std::optional<Daemon> running;
  // systemd listens and starts an sshd for each connection.
  bool socket_activated = false;
  // Nothing: it may not be read, or the daemon's command line is not trusted.
  std::shared_ptr<const Configuration> configuration;
  // What the running daemon has loaded, for the sessions that it has accepted
  // since; nothing where nobody saw that. Of an sshd for each connection: what
  // the files say now.
  std::shared_ptr<const Configuration> loaded;
  // Of the installed package; nothing for a program that is no package's.
  std::optional<openssh::Version> version;
  // When the daemon read its configuration: its PidFile's modification time,
  // else its start. Nothing where it does not run.
  std::optional<processes::Time> loaded_at;
  // Whether the files now say something else than the daemon loaded; nothing
  // where that is unknown.
  std::optional<bool> stale;
};

struct Facts {
  std::vector<Instance> instances;
  // Whether other users' processes can be seen: else a daemon that is not in
  // `instances` may run all the same.
  bool processes_visible = false;
  // Where this host's systemd listens for SSH daemons, of any implementation.
  std::vector<std::uint16_t> socket_unit_ports;
};

// The version of the installed sshd; where it cannot be found out, Debian 12's
// 9.2, whose `text` says that it is assumed.
openssh::Version version_or_assumed(const HostRoot& root,
                                    openssh::VersionMemory& memory);

// Looks for running daemons and reads the files of those that can be trusted;
// where none runs in the host's network namespace, kDefaultFile, whose absence
// is no error: a host without sshd. `files`, where given, are read in place of
// the host's. A file that sshd would refuse is a fact, not an error. `now` is
// of a steady clock.
std::vector<Error> collect(const HostRoot& root,
                           const std::vector<std::string>& files,
                           const netns::NetworkOf& network_of,
                           std::chrono::steady_clock::time_point now,
                           Memory& memory, Facts& facts);

// When the newest of its files was modified; the epoch where it has none.
processes::Time newest_file(const Document& document);

// All ports that the sshds of that namespace, or systemd in their place, listen
// on; sorted, without repetition.
std::vector<std::uint16_t> ports(const Facts& facts, const netns::Name& netns);

// Families sshd_*, of the namespaces that have series of their own.
void append_metrics(const Facts& facts,
                    std::vector<prometheus::MetricFamily>& families);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_SSHD_CONFIG_H_
