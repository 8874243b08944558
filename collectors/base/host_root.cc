#include "collectors/base/host_root.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace ssh_keepalive {
namespace {

bool same_directory(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

}  // namespace

HostRoot HostRoot::live() { return {"/", nullptr}; }

Result<HostRoot> HostRoot::open(const std::string& directory) {
  UniqueFd fd(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid()) {
    return system_error("open root", directory, errno);
  }
  struct stat opened {};
  struct stat live_root {};
  if (::fstat(fd.get(), &opened) == 0 && ::stat("/", &live_root) == 0 &&
      same_directory(opened, live_root)) {
    return live();
  }
  return HostRoot(directory, std::make_shared<const UniqueFd>(std::move(fd)));
}

HostRoot HostRoot::at(std::string path, UniqueFd directory) {
  return {std::move(path),
          std::make_shared<const UniqueFd>(std::move(directory))};
}

Result<UniqueFd> HostRoot::open_path(std::string_view path, int flags) const {
  const std::string name(path);
  if (name.find('\0') != std::string::npos) {
    return Error{.kind = ErrorKind::kInvalid,
                 .attempted = "open",
                 .subject = name.substr(0, name.find('\0')),
                 .reason = "the path contains a NUL byte"};
  }
  // openat2(2) refuses O_NOCTTY together with O_PATH.
  const int all_flags =
      flags | O_CLOEXEC | ((flags & O_PATH) != 0 ? 0 : O_NOCTTY);
  long fd = -1;
  if (is_live()) {
    fd = ::open(name.c_str(), all_flags);
  } else {
    struct open_how how {};
    how.flags = static_cast<unsigned>(all_flags);
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    do {
      fd = ::syscall(SYS_openat2, directory_->get(), name.c_str(), &how,
                     sizeof how);
    } while (fd < 0 && errno == EAGAIN);  // a rename raced with the look-up
  }
  if (fd < 0) {
    return system_error("open", name, errno);
  }
  return UniqueFd(static_cast<int>(fd));
}

bool HostRoot::has_running_kernel() const {
  if (is_live()) {
    return true;
  }
  const Result<UniqueFd> proc = open_path("/proc", O_PATH | O_DIRECTORY);
  struct statfs filesystem {};
  return proc.ok() && ::fstatfs(proc->get(), &filesystem) == 0 &&
         filesystem.f_type == PROC_SUPER_MAGIC;
}

}  // namespace ssh_keepalive
