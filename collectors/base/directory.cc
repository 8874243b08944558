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

Result<void> visit_directory(
    const HostRoot& root, std::string_view path,
    const std::function<bool(std::string_view)>& visit) {
  Result<UniqueFd> fd =
      root.open_path(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
  if (!fd.ok()) {
    return fd.error();
  }
  // closedir(3) closes the descriptor that fdopendir(3) was given.
  const std::unique_ptr<DIR, CloseDirectory> directory(::fdopendir(fd->get()));
  if (directory == nullptr) {
    return system_error("list", std::string(path), errno);
  }
  static_cast<void>(fd->release());
  errno = 0;
  while (const dirent* const entry = ::readdir(directory.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != ".." && !visit(name)) {
      return {};
    }
    errno = 0;
  }
  if (errno != 0) {
    return system_error("list", std::string(path), errno);
  }
  return {};
}

Result<std::vector<std::string>> list_directory(const HostRoot& root,
                                                std::string_view path,
                                                std::size_t max_entries) {
  std::vector<std::string> names;
  bool too_many = false;
  const Result<void> visited =
      visit_directory(root, path, [&](std::string_view name) {
        too_many = names.size() == max_entries;
        if (!too_many) {
          names.emplace_back(name);
        }
        return !too_many;
      });
  if (!visited.ok()) {
    return visited.error();
  }
  if (too_many) {
    return Error{
        .kind = ErrorKind::kLimit,
        .attempted = "list",
        .subject = std::string(path),
        .reason = "more than " + std::to_string(max_entries) + " entries"};
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace ssh_keepalive
