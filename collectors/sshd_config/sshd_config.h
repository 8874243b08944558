// What the configuration files of this host's sshds say.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_SSHD_CONFIG_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_SSHD_CONFIG_H_

#include <prometheus/metric_family.h>

#include <cstdint>
#include <string>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/sshd_config/document.h"
#include "collectors/sshd_config/evaluate.h"

namespace ssh_keepalive::sshd_config {

inline constexpr const char* kDefaultFile = "/etc/ssh/sshd_config";

// One configuration file with all that it includes.
struct Configuration {
  Document document;
  Evaluation globals;  // what holds outside Match blocks

  // "port-22": the label that tells configurations apart, by their first port;
  // further ones on the same port get a number behind it, "port-22-2".
  std::string daemon;
};

struct Facts {
  std::vector<Configuration> configurations;
};

// The version of the installed sshd; where it cannot be found out, Debian 12's
// 9.2, whose `text` says that it is assumed.
openssh::Version version_or_assumed(const HostRoot& root,
                                    openssh::VersionMemory& memory);

// Reads the files; none given means kDefaultFile, whose absence is no error:
// a host without sshd. A file that sshd would refuse is a fact, not an error.
std::vector<Error> collect(const HostRoot& root,
                           const std::vector<std::string>& files,
                           openssh::VersionMemory& memory, Facts& facts);

// All ports that these configurations listen on, sorted, without repetition.
std::vector<std::uint16_t> ports(const Facts& facts);

// Families sshd_config_valid and sshd_*, with netns="host".
void append_metrics(const Facts& facts,
                    std::vector<prometheus::MetricFamily>& families);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_SSHD_CONFIG_H_
