#include "collectors/base/user_rights.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <thread>

namespace ssh_keepalive {
namespace {

// The system calls themselves: the C library's functions of these names change
// all threads, or hide what the kernel says.

// Sets the calling thread's fsuid or fsgid. The kernel never reports a failure:
// it returns the one in force before, also when told an impossible one.
bool set_file_system_id(long call, std::uint32_t id) {
  constexpr long kImpossible = -1;
  ::syscall(call, id);
  return static_cast<std::uint32_t>(::syscall(call, kImpossible)) == id;
}

bool drop_capabilities() {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3,
                                  .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
  return ::syscall(SYS_capset, &header, none.data()) == 0;
}

std::optional<Error> take_rights(const UserIdentity& user) {
  const auto error = [&user](int number) {
    return system_error("take the rights of", "uid " + std::to_string(user.uid),
                        number);
  };
  if (::syscall(SYS_setgroups, user.groups.size(), user.groups.data()) != 0) {
    return error(errno);
  }
  if (!set_file_system_id(SYS_setfsgid, user.gid) ||
      !set_file_system_id(SYS_setfsuid, user.uid) || !drop_capabilities()) {
    return error(EPERM);
  }
  return std::nullopt;
}

}  // namespace

Result<void> with_rights_of(const UserIdentity& user,
                            const std::function<void()>& action) {
  constexpr std::uint32_t kRoot = 0;
  if (user.uid == ::geteuid() && user.uid != kRoot) {
    action();
    return {};
  }
  std::optional<Error> error;
  std::thread([&] {
    error = take_rights(user);
    if (!error) {
      action();
    }
  }).join();
  if (error) {
    return *std::move(error);
  }
  return {};
}

}  // namespace ssh_keepalive
