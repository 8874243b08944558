// Any bytes as /etc/passwd and /etc/group.
#include <string>
#include <string_view>

#include "collectors/base/accounts.h"
#include "collectors/sshd_config/connection.h"
#include "tests/fuzz/fuzzing.h"
#include "tests/support.h"

namespace {

using namespace ssh_keepalive;  // NOLINT(google-build-using-namespace)
using fuzzing::require;

constexpr std::uint32_t kIds[] = {0, 1000, 4294967295U};

void check(const HostRoot& root, const std::string& name) {
  const std::optional<std::string> home = home_of(root, name);
  const std::optional<Account> account = account_named(root, name);
  require(!account || (account->name == name && home));
  // Whom Match Group asks about has a home too, maybe an empty one.
  require(home || sshd_config::groups_of(root, name).empty());
  if (account) {
    static_cast<void>(identity_of(root, *account));
    require(account_of(root, account->uid).has_value());
  }
}

void check(const HostRoot& root, std::uint32_t id) {
  const std::optional<Account> account = account_of(root, id);
  require(!account || account->uid == id);
  require(!is_private_group(root, id, id) || account);
  if (account) {
    const UserIdentity identity = identity_of(root, *account);
    require(identity.uid == id && identity.gid == account->gid);
    check(root, account->name);
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const testing::TemporaryDirectory tree;
  static const HostRoot root = *HostRoot::open(tree.path().string());
  const auto [users, groups] =
      fuzzing::parts_of<2>({reinterpret_cast<const char*>(data), size});
  tree.write("etc/passwd", users);
  tree.write("etc/group", groups);
  for (const std::uint32_t id : kIds) {
    check(root, id);
  }
  check(root, "jane");
  check(root, "");
  return 0;
}
