#include "collectors/netns/link.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "collectors/base/number.h"

namespace ssh_keepalive::netns {
namespace {

// "net:[18446744073709551615]"
using LinkText = std::array<char, 32>;

std::optional<Id> id_in(const LinkText& text, ssize_t length) {
  return length < 0 || static_cast<std::size_t>(length) == text.size()
             ? std::nullopt
             : parse_link({text.data(), static_cast<std::size_t>(length)});
}

std::string folder_of(int pid) {
  return "/proc/" + std::to_string(pid) + "/ns";
}

// Only if it is a namespace, and still that one.
Result<UniqueFd> checked(int fd, std::string subject, Id id) {
  if (fd < 0) {
    Error error = system_error("open", std::move(subject), errno);
    if (errno == ESRCH) {
      error.kind = ErrorKind::kAbsent;
    }
    return error;
  }
  UniqueFd opened(fd);
  struct stat status {};
  struct statfs filesystem {};
  if (::fstat(fd, &status) != 0 || ::fstatfs(fd, &filesystem) != 0 ||
      filesystem.f_type != NSFS_MAGIC || status.st_ino != id) {
    return Error{.kind = ErrorKind::kAbsent,
                 .attempted = "open",
                 .subject = std::move(subject),
                 .reason = "not that namespace any more"};
  }
  return opened;
}

}  // namespace

std::optional<Id> parse_link(std::string_view text) {
  constexpr std::string_view kPrefix = "net:[";
  if (!text.starts_with(kPrefix) || !text.ends_with(']')) {
    return std::nullopt;
  }
  text.remove_prefix(kPrefix.size());
  text.remove_suffix(1);
  return parse_integer<Id>(text);
}

std::optional<Id> namespace_of(const HostRoot& root, int pid) {
  LinkText text{};
  if (root.is_live()) {
    // One system call: this is asked for every new process.
    const std::string path = folder_of(pid) + "/net";
    return id_in(text, ::readlink(path.c_str(), text.data(), text.size()));
  }
  const Result<UniqueFd> folder =
      root.open_path(folder_of(pid), O_PATH | O_DIRECTORY);
  return folder.ok() ? id_in(text, ::readlinkat(folder->get(), "net",
                                                text.data(), text.size()))
                     : std::nullopt;
}

std::optional<Id> own_namespace(const HostRoot& root) {
  if (!root.has_running_kernel()) {
    constexpr int kInit = 1;
    return namespace_of(root, kInit);
  }
  LinkText text{};
  return id_in(
      text, ::readlink("/proc/thread-self/ns/net", text.data(), text.size()));
}

std::optional<Id> mounted_namespace(const HostRoot& root,
                                    std::string_view path) {
  // Nothing is opened that could be a device or a FIFO.
  const Result<UniqueFd> found = root.open_path(path, O_PATH | O_NOFOLLOW);
  if (!found.ok()) {
    return std::nullopt;
  }
  if (!root.has_running_kernel()) {
    LinkText text{};
    return id_in(text,
                 ::readlinkat(found->get(), "", text.data(), text.size()));
  }
  struct stat status {};
  struct statfs filesystem {};
  if (::fstat(found->get(), &status) != 0 ||
      ::fstatfs(found->get(), &filesystem) != 0 ||
      filesystem.f_type != NSFS_MAGIC) {
    return std::nullopt;
  }
  return status.st_ino;
}

Result<UniqueFd> open_namespace_of(const HostRoot& root, int pid, Id id) {
  const Result<UniqueFd> folder =
      root.open_path(folder_of(pid), O_PATH | O_DIRECTORY);
  if (!folder.ok()) {
    return folder.error();
  }
  // Not by open_path, which follows no such link below another root.
  return checked(::openat(folder->get(), "net", O_RDONLY | O_CLOEXEC),
                 folder_of(pid) + "/net", id);
}

Result<UniqueFd> open_mounted_namespace(const HostRoot& root,
                                        const std::string& path, Id id) {
  if (mounted_namespace(root, path) != id) {
    return Error{.kind = ErrorKind::kAbsent,
                 .attempted = "open",
                 .subject = path,
                 .reason = "not that namespace any more"};
  }
  Result<UniqueFd> opened =
      root.open_path(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  return opened.ok() ? checked(opened->release(), path, id) : std::move(opened);
}

}  // namespace ssh_keepalive::netns
