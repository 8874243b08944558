// Bounded reading of files that may be hostile.
#ifndef SSH_KEEPALIVE_COLLECTORS_BASE_FILE_H_
#define SSH_KEEPALIVE_COLLECTORS_BASE_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"

namespace ssh_keepalive {

inline constexpr std::size_t kMaxFileBytes = std::size_t{1} << 20;

// What tells an unchanged file: equal before and after means equal content,
// as far as anybody who does not read it can know.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size_bytes = 0;
  std::int64_t modified_ns = 0;  // mtime, nanoseconds since the epoch
  std::int64_t changed_ns = 0;   // ctime: also moves on `cp -p` and chmod
  std::uint32_t owner = 0;       // uid
  std::uint32_t group = 0;       // gid
  std::uint32_t mode = 0;        // permission bits

  bool operator==(const FileIdentity&) const = default;
};

struct File {
  std::string bytes;
  FileIdentity identity;
};

// Reads a whole regular file of at most `max_bytes`. It never blocks on a FIFO
// and never opens a device. Errors: kAbsent; kDenied; kInvalid (no regular
// file, or a symlink loop); kLimit (larger than max_bytes); kInterrupted (it
// changed while it was read, several times over); kFailed.
Result<File> read_file(const HostRoot& root, std::string_view path,
                       std::size_t max_bytes = kMaxFileBytes);

// The identity alone, without reading. Errors as read_file's.
Result<FileIdentity> identify_file(const HostRoot& root, std::string_view path);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_BASE_FILE_H_
