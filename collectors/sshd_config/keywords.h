// All keywords of sshd_config(5): servconf.c of OpenSSH 8.4 to 10.3, and the
// ones of Debian's patches.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_KEYWORDS_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_KEYWORDS_H_

#include <optional>
#include <string_view>

#include "collectors/openssh_syntax/version.h"

namespace ssh_keepalive::sshd_config {

enum class Keyword {
  kPort,
  kListenAddress,
  kAddressFamily,
  kTcpKeepAlive,
  kClientAliveInterval,
  kClientAliveCountMax,
  kLoginGraceTime,
  kChannelTimeout,
  kUnusedConnectionTimeout,
  kInclude,
  kMatch,
  kOther,  // known to sshd; its values are not looked at
};

struct KnownKeyword {
  Keyword keyword = Keyword::kOther;
  std::string_view name;  // lower case, static
  bool allowed_in_match = false;
};

// Nothing where that version of sshd would refuse the keyword.
std::optional<KnownKeyword> find_keyword(std::string_view lower_case_name,
                                         const openssh::Version& version);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_KEYWORDS_H_
