#include "collectors/base/drop_ins.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "collectors/base/directory.h"

namespace ssh_keepalive {
namespace {

// Nothing where it does not exist.
std::optional<struct stat> status_of(const HostRoot& root,
                                     std::string_view path) {
  const Result<UniqueFd> handle = root.open_path(path, O_PATH);
  struct stat status {};
  return handle.ok() && ::fstat(handle->get(), &status) == 0
             ? std::optional(status)
             : std::nullopt;
}

class Finder {
 public:
  explicit Finder(const HostRoot& root) : root_(root) {}

  void look_into(std::string_view directory) {
    if (const auto status = status_of(root_, directory)) {
      // /lib may be a link to /usr/lib.
      const std::pair identity(status->st_dev, status->st_ino);
      if (std::ranges::find(seen_, identity) != seen_.end()) {
        return;
      }
      seen_.push_back(identity);
    }
    const Result<std::vector<std::string>> names =
        list_directory(root_, directory);
    if (names.ok()) {
      add_files(directory, *names);
    } else if (names.error().kind != ErrorKind::kAbsent) {
      found_.errors.push_back(names.error());
      found_.incomplete = true;
    }
  }

  DropIns take() { return std::move(found_); }

 private:
  void add_files(std::string_view directory,
                 const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (!name.ends_with(".conf") || name.starts_with('.')) {
        continue;
      }
      if (++file_count_ > kMaxDropIns) {
        found_.errors.push_back(
            {.kind = ErrorKind::kLimit,
             .attempted = "list",
             .subject = std::string(directory),
             .reason = "more than " + std::to_string(kMaxDropIns) +
                       " files, with those of the other directories"});
        found_.incomplete = true;
        return;
      }
      std::string path(directory);
      path.append("/").append(name);
      found_.files[name].push_back(std::move(path));
    }
  }

  const HostRoot& root_;
  std::vector<std::pair<dev_t, ino_t>> seen_;
  std::size_t file_count_ = 0;
  DropIns found_;
};

}  // namespace

DropIns find_drop_ins(const HostRoot& root,
                      std::span<const std::string_view> directories) {
  Finder finder(root);
  for (const std::string_view directory : directories) {
    finder.look_into(directory);
  }
  return finder.take();
}

bool reads_as_empty(const HostRoot& root, const std::string& path,
                    const Error& error) {
  constexpr unsigned kMemoryMajor = 1;  // admin-guide/devices.txt
  constexpr unsigned kNullMinor = 3;
  if (error.kind != ErrorKind::kInvalid) {
    return error.kind == ErrorKind::kAbsent;
  }
  const auto status = status_of(root, path);
  return status && (S_ISDIR(status->st_mode) ||
                    (S_ISCHR(status->st_mode) &&
                     status->st_rdev == makedev(kMemoryMajor, kNullMinor)));
}

}  // namespace ssh_keepalive
