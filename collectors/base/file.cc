#include "collectors/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

namespace ssh_keepalive {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
constexpr std::size_t kFirstReadBytes = 4096;

std::int64_t to_nanoseconds(const struct timespec& time) {
  return static_cast<std::int64_t>(time.tv_sec) * kNanosecondsPerSecond +
         time.tv_nsec;
}

FileIdentity to_identity(const struct stat& status) {
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size_bytes = static_cast<std::uint64_t>(status.st_size),
          .modified_ns = to_nanoseconds(status.st_mtim),
          .changed_ns = to_nanoseconds(status.st_ctim),
          .owner = status.st_uid,
          .group = status.st_gid,
          .mode = status.st_mode & 07777U};
}

struct Located {
  UniqueFd handle;  // O_PATH: nothing has been opened for reading yet
  FileIdentity identity;
};

// Looks at the file before it opens it: opening a device can have effects.
Result<Located> locate(const HostRoot& root, std::string_view path) {
  Result<UniqueFd> handle = root.open_path(path, O_PATH);
  if (!handle.ok()) {
    return std::move(handle).error();
  }
  struct stat status {};
  if (::fstat(handle->get(), &status) != 0) {
    return system_error("stat", std::string(path), errno);
  }
  if (!S_ISREG(status.st_mode)) {
    return Error{.kind = ErrorKind::kInvalid,
                 .attempted = "open",
                 .subject = std::string(path),
                 .reason = "not a regular file"};
  }
  return Located{.handle = *std::move(handle), .identity = to_identity(status)};
}

Error too_large(std::string_view path, std::size_t max_bytes) {
  return {.kind = ErrorKind::kLimit,
          .attempted = "read",
          .subject = std::string(path),
          .reason = "larger than " + std::to_string(max_bytes) + " bytes"};
}

// Files in /proc report a size of 0, so the size is only a hint.
Result<std::string> read_to_end(const UniqueFd& fd, std::string_view path,
                                std::size_t size_hint, std::size_t max_bytes) {
  std::string bytes;
  bytes.resize(std::min(std::max(size_hint, kFirstReadBytes), max_bytes) + 1);
  std::size_t length = 0;
  while (true) {
    const ssize_t count =
        ::read(fd.get(), bytes.data() + length, bytes.size() - length);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return system_error("read", std::string(path), errno);
    }
    if (count == 0) {
      bytes.resize(length);
      return bytes;
    }
    length += static_cast<std::size_t>(count);
    if (length > max_bytes) {
      return too_large(path, max_bytes);
    }
    if (length == bytes.size()) {
      bytes.resize(std::min(2 * bytes.size(), max_bytes + 1));
    }
  }
}

// Nothing where the file has changed meanwhile: what was read may be half old
// and half new.
Result<std::optional<std::string>> read_unchanged(const Located& located,
                                                  std::string_view path,
                                                  std::size_t max_bytes) {
  if (located.identity.size_bytes > max_bytes) {
    return too_large(path, max_bytes);
  }
  // The very file that was looked at, whatever its name means by now.
  const std::string reopened =
      "/proc/self/fd/" + std::to_string(located.handle.get());
  const UniqueFd fd(
      ::open(reopened.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!fd.valid()) {
    return system_error("open", std::string(path), errno);
  }
  Result<std::string> bytes = read_to_end(
      fd, path, static_cast<std::size_t>(located.identity.size_bytes),
      max_bytes);
  if (!bytes.ok()) {
    return std::move(bytes).error();
  }
  struct stat after {};
  // In /proc sizes are always 0, and times mean nothing.
  const bool changed =
      ::fstat(fd.get(), &after) == 0 &&
      (after.st_size != 0 || located.identity.size_bytes != 0) &&
      to_identity(after) != located.identity;
  return changed ? std::nullopt : std::optional(*std::move(bytes));
}

}  // namespace

Result<File> read_file(const HostRoot& root, std::string_view path,
                       std::size_t max_bytes) {
  constexpr int kAttempts = 4;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const Result<Located> located = locate(root, path);
    if (!located.ok()) {
      return located.error();
    }
    Result<std::optional<std::string>> bytes =
        read_unchanged(*located, path, max_bytes);
    if (!bytes.ok()) {
      return std::move(bytes).error();
    }
    if (*bytes) {
      return File{.bytes = **std::move(bytes), .identity = located->identity};
    }
  }
  return Error{.kind = ErrorKind::kInterrupted,
               .attempted = "read",
               .subject = std::string(path),
               .reason = "it changed while it was read"};
}

Result<FileIdentity> identify_file(const HostRoot& root,
                                   std::string_view path) {
  Result<Located> located = locate(root, path);
  if (!located.ok()) {
    return std::move(located).error();
  }
  return located->identity;
}

}  // namespace ssh_keepalive
