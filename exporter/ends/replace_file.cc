#include "exporter/ends/replace_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "collectors/base/unique_fd.h"

namespace ssh_keepalive {
namespace {

constexpr mode_t kFileMode = 0600;
constexpr mode_t kFolderMode = 0700;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

Result<void> check_target(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    return Error{.kind = ErrorKind::kInvalid,
                 .attempted = "replace",
                 .subject = path,
                 .reason = "not a regular file"};
  }
  return {};
}

UniqueFd create(const std::string& path) {
  return UniqueFd(::open(path.c_str(),
                         O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                         kFileMode));
}

Result<UniqueFd> create_anew(const std::string& path) {
  ::unlink(path.c_str());  // what a run left that was killed
  UniqueFd fd = create(path);
  if (!fd.valid() && errno == ENOENT &&
      ::mkdir(folder_of(path).c_str(), kFolderMode) == 0) {
    fd = create(path);
  }
  if (!fd.valid()) {
    return system_error("create", path, errno);
  }
  return fd;
}

Result<void> write_to_disk(const UniqueFd& fd, const std::string& path,
                           std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd.get(), bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      return system_error("write", path, errno);
    }
  }
  if (::fsync(fd.get()) != 0) {
    return system_error("write", path, errno);
  }
  return {};
}

// So that the new name outlives a power cut. Not every file system can.
void sync_folder(const std::string& path) {
  const UniqueFd folder(
      ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.valid()) {
    ::fsync(folder.get());
  }
}

}  // namespace

Result<void> replace_file(const std::string& path, std::string_view bytes) {
  if (Result<void> checked = check_target(path); !checked.ok()) {
    return checked;
  }
  const std::string temporary = path + ".tmp";
  Result<UniqueFd> fd = create_anew(temporary);
  if (!fd.ok()) {
    return std::move(fd).error();
  }
  Result<void> done = write_to_disk(*fd, temporary, bytes);
  if (done.ok() && std::rename(temporary.c_str(), path.c_str()) != 0) {
    done = system_error("replace", path, errno);
  }
  if (!done.ok()) {
    ::unlink(temporary.c_str());
    return done;
  }
  sync_folder(path);
  return {};
}

}  // namespace ssh_keepalive
