// Which configuration management says that a file is its own: what is edited
// there by hand is lost at its next run.
#ifndef SSH_KEEPALIVE_COLLECTORS_BASE_MANAGED_BY_H_
#define SSH_KEEPALIVE_COLLECTORS_BASE_MANAGED_BY_H_

#include <array>
#include <optional>
#include <string_view>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"

namespace ssh_keepalive {

// All names that the functions below return. The last one is for files that
// something owns which is none of the others.
inline constexpr std::array<std::string_view, 8> kManagers = {
    "ansible",  "puppet", "chef",       "salt",
    "cfengine", "rudder", "cloud-init", "other"};

// By the comments (# or ;) before the first other line of a file, at most its
// first 8 KiB: a line that names the tool and says "managed", "generated" or
// the like. Nothing of the text but the name is returned.
std::optional<std::string_view> manager_named_in(std::string_view text);

// By the file's name: cloud-init's "50-cloud-init.conf" has no comment.
std::optional<std::string_view> manager_of_name(std::string_view path);

// By its name, or else by what it says. Errors: as read_file()'s, where the
// name does not tell.
Result<std::optional<std::string_view>> managed_by(const HostRoot& root,
                                                   std::string_view path);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_BASE_MANAGED_BY_H_
