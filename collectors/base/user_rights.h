// Doing something with a user's rights, so that files which a user names are
// read only as far as that user may read them.
#ifndef SSH_KEEPALIVE_COLLECTORS_BASE_USER_RIGHTS_H_
#define SSH_KEEPALIVE_COLLECTORS_BASE_USER_RIGHTS_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "collectors/base/result.h"

namespace ssh_keepalive {

struct UserIdentity {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::vector<std::uint32_t> groups;  // supplementary ones
};

// Calls `action` with that user's rights to files: its fsuid, fsgid and groups,
// and no capability (capabilities(7), setfsuid(2)). It runs on a thread of its
// own, which ends with it; no other thread's rights change. Where this process
// runs as that user, and not as root, it keeps its groups and loses only the
// capabilities. What `action` throws is thrown here. Errors: kDenied where the
// process may not take that identity, kFailed without a thread; then `action`
// is not called.
Result<void> with_rights_of(const UserIdentity& user,
                            const std::function<void()>& action);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_BASE_USER_RIGHTS_H_
