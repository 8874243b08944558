// Users and groups of the host that is looked at: /etc/passwd and /etc/group
// under its root. Directory services are not asked.
#ifndef SSH_KEEPALIVE_COLLECTORS_BASE_ACCOUNTS_H_
#define SSH_KEEPALIVE_COLLECTORS_BASE_ACCOUNTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "collectors/base/host_root.h"
#include "collectors/base/user_rights.h"

namespace ssh_keepalive {

struct Account {
  std::string name;
  std::string home;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string shell;  // a path; empty means /bin/sh
};

// The first entry with that uid.
std::optional<Account> account_of(const HostRoot& root, std::uint32_t uid);

// The first entry with that name. Nothing too where its ids are no numbers.
std::optional<Account> account_named(const HostRoot& root,
                                     std::string_view name);

// Whom the files of that account are read as: with the groups of /etc/group.
UserIdentity identity_of(const HostRoot& root, const Account& account);

// The home directory of a user, where there is such a user.
std::optional<std::string> home_of(const HostRoot& root, std::string_view user);

// Whether the group has one member, and that is the user `uid`: what Debian's
// ssh asks of a file that its group may write (user-group-modes.patch).
bool is_private_group(const HostRoot& root, std::uint32_t gid,
                      std::uint32_t uid);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_BASE_ACCOUNTS_H_
