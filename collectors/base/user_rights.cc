#include "collectors/base/user_rights.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <exception>
#include <optional>
#include <string>
#include <system_error>
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
  constexpr std::uint32_t kRoot = 0;
  const auto error = [&user](int number) {
    return system_error("take the rights of", "uid " + std::to_string(user.uid),
                        number);
  };
  // That user's own process has these ids and groups, and may not set them.
  const bool is_own = user.uid == ::geteuid() && user.uid != kRoot;
  if (!is_own &&
      ::syscall(SYS_setgroups, user.groups.size(), user.groups.data()) != 0) {
    return error(errno);
  }
  if (!is_own && (!set_file_system_id(SYS_setfsgid, user.gid) ||
                  !set_file_system_id(SYS_setfsuid, user.uid))) {
    return error(EPERM);
  }
  return drop_capabilities() ? std::nullopt : std::optional(error(errno));
}

}  // namespace

Result<void> with_rights_of(const UserIdentity& user,
                            const std::function<void()>& action) {
  std::optional<Error> error;
  std::exception_ptr thrown;
  try {
    std::thread([&] {
      try {
        error = take_rights(user);
        if (!error) {
          action();
        }
      } catch (...) {
        thrown = std::current_exception();
      }
    }).join();
  } catch (const std::system_error& no_thread) {
    return system_error("start", "a thread", no_thread.code().value());
  }
  if (thrown) {
    std::rethrow_exception(thrown);
  }
  if (error) {
    return *std::move(error);
  }
  return {};
}

}  // namespace ssh_keepalive
