#include "collectors/base/directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

namespace ssh_keepalive {
namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

}  // namespace

Result<std::vector<std::string>> list_directory(const HostRoot& root,
                                                std::string_view path,
                                                std::size_t max_entries) {
  const Result<UniqueFd> fd =
      root.open_path(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
  if (!fd.ok()) {
    return fd.error();
  }
  // closedir(3) closes the descriptor that fdopendir(3) was given.
  UniqueFd owned(::fcntl(fd->get(), F_DUPFD_CLOEXEC, 0));
  const std::unique_ptr<DIR, CloseDirectory> directory(
      owned.valid() ? ::fdopendir(owned.get()) : nullptr);
  if (directory == nullptr) {
    return system_error("list", std::string(path), errno);
  }
  static_cast<void>(owned.release());
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* const entry = ::readdir(directory.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") {
      continue;
    }
    if (names.size() == max_entries) {
      return Error{
          .kind = ErrorKind::kLimit,
          .attempted = "list",
          .subject = std::string(path),
          .reason = "more than " + std::to_string(max_entries) + " entries"};
    }
    names.emplace_back(name);
  }
  if (errno != 0) {
    return system_error("list", std::string(path), errno);
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace ssh_keepalive
