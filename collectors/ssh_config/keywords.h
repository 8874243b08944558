// Every keyword that ssh knows in ssh_config(5): OpenSSH's readconf.c and, for
// Debian's build, its patches.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_KEYWORDS_H_
#define SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_KEYWORDS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "collectors/openssh_syntax/version.h"

namespace ssh_keepalive::ssh_config {

// What a keyword means to this program. Aliases share one meaning.
enum class Keyword : std::uint8_t {
  // Structure.
  kHost,
  kMatch,
  kInclude,
  kIgnoreUnknown,
  // Reported, the keywords of the reference page.
  kServerAliveInterval,
  kServerAliveCountMax,
  kTcpKeepAlive,
  kConnectTimeout,
  kControlMaster,
  kControlPersist,
  kBatchMode,
  kChannelTimeout,
  kProxyJump,
  kProxyCommand,
  // They decide which blocks match.
  kHostname,
  kUser,
  kPort,
  kTag,
  kSessionType,
  kCanonicalizeHostname,
  kCanonicalDomains,
  kCanonicalizeMaxDots,
  kCanonicalizeFallbackLocal,
  kCanonicalizePermittedCnames,
  kRefuseConnection,
  kRemoteCommand,  // with kSessionType: what the session is
  // Known to ssh, of no influence here: only their arguments are counted.
  kOther,  // last
};

inline constexpr std::size_t kKeywordCount =
    static_cast<std::size_t>(Keyword::kOther) + 1;

// How many arguments ssh takes. None may be empty unless said.
enum class Arguments : std::uint8_t {
  kOne,
  kOneOrTwo,
  kTwo,
  kList,      // any number, also none before a comment
  kSome,      // likewise; none is refused from 9.7 on
  kRest,      // the rest of the line as it stands, comment sign included
  kAnything,  // at least one, never looked at
};

struct KeywordRow {
  std::string_view name;  // lower case
  Keyword keyword = Keyword::kOther;
  Arguments arguments = Arguments::kOne;
  openssh::Release since = {};         // the first release that knows it
  openssh::Release until = {1000, 0};  // the first that does not any more
  bool debian_only = false;
};

// The row of a keyword in lower case as that version of ssh knows it; null
// where it would call it a bad configuration option.
const KeywordRow* find_keyword(std::string_view name,
                               const openssh::Version& version);

// Whether sshd_config(5) has a keyword of this name that acts on keepalive: a
// setting on the wrong side. `name` is in lower case.
bool is_server_keyword(std::string_view name);

}  // namespace ssh_keepalive::ssh_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_KEYWORDS_H_
