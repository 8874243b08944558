// Which files an Include means: glob(7) over a host's root.
#ifndef SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_INCLUDE_H_
#define SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_INCLUDE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"

namespace ssh_keepalive::openssh {

inline constexpr int kMaxIncludeDepth = 16;             // OpenSSH's own
inline constexpr std::size_t kMaxIncludedFiles = 1024;  // of one evaluation

// What a directory means that may not be looked into.
enum class DeniedDirectory : std::uint8_t {
  kUnknown,    // who has more rights would see its entries
  kNoEntries,  // as for glob(3): who runs ssh has these rights too
};

// How much the Includes of one evaluation may still be searched for: entries of
// directories, patterns and paths. A few lines with wildcards can mean hours.
struct IncludeSearch {
  std::size_t steps_left = 100'000;
};

// The existing paths that an absolute pattern means, sorted by bytes; none is
// no error. Errors: kLimit beyond kMaxIncludedFiles, where a directory has very
// many entries, where the pattern is longer than a path, or where `search` is
// at its end; kDenied by DeniedDirectory::kUnknown.
Result<std::vector<std::string>> expand_include(const HostRoot& root,
                                                std::string_view pattern,
                                                DeniedDirectory denied,
                                                IncludeSearch& search);

}  // namespace ssh_keepalive::openssh

#endif  // SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_INCLUDE_H_
