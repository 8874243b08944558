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
  kPidFile,
  kInclude,
  kMatch,
  kOther,  // known to sshd; its values are not looked at
};

// How many arguments a keyword takes whose values are not looked at. No
// argument is empty but where it says so.
enum class Shape {
  kValue,      // one, which never starts with `=`
  kText,       // one
  kWords,      // any number; at least one from 9.7 on
  kNames,      // the same, and the first never starts with `=`
  kSome,       // at least one, and the first never starts with `=`
  kPair,       // one or two, and the first never starts with `=`
  kSubsystem,  // a name and a command with arguments
  kRest,       // all that stands behind the keyword, as it is
  kCommand,    // the same, and it never starts with `=`
  kAnything,   // sshd passes over the line
};

struct KnownKeyword {
  Keyword keyword = Keyword::kOther;
  std::string_view name;  // lower case, static
  Shape shape = Shape::kValue;
  bool allowed_in_match = false;
};

// Nothing where that version of sshd would refuse the keyword.
std::optional<KnownKeyword> find_keyword(std::string_view lower_case_name,
                                         const openssh::Version& version);

// The keyword of ssh_config(5) of that name, of those that this program knows
// the values of and that sshd has not; empty for others.
std::string_view find_client_keyword(std::string_view lower_case_name);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_KEYWORDS_H_
