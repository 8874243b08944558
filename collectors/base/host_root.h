// The root directory of the host that is looked at: `/`, a container's root,
// an unpacked image, or a fixture tree. Every path goes through it.
#ifndef SSH_KEEPALIVE_COLLECTORS_BASE_HOST_ROOT_H_
#define SSH_KEEPALIVE_COLLECTORS_BASE_HOST_ROOT_H_

#include <memory>
#include <string>
#include <string_view>

#include "collectors/base/result.h"
#include "collectors/base/unique_fd.h"

namespace ssh_keepalive {

class HostRoot {
 public:
  // The host this process runs on.
  static HostRoot live();

  // Any directory. Errors: kAbsent, kDenied, kFailed (not a directory).
  static Result<HostRoot> open(const std::string& directory);

  // A directory that is open already, such as the root of a container's
  // process; `path` is what messages call it.
  static HostRoot at(std::string path, UniqueFd directory);

  // Opens an absolute path of that host with open(2)'s `flags` (O_CLOEXEC and
  // O_NOCTTY are added). Under another root the kernel resolves absolute links
  // and `..` inside it: openat2(2), RESOLVE_IN_ROOT.
  [[nodiscard]] Result<UniqueFd> open_path(std::string_view path,
                                           int flags) const;

  // Whether this is `/` itself.
  [[nodiscard]] bool is_live() const { return directory_ == nullptr; }

  // Whether <root>/proc is a running kernel's procfs: then sockets are asked
  // from the kernel; in any other tree they come from recorded files.
  [[nodiscard]] bool has_running_kernel() const;

  // The directory as the user gave it; "/" when live.
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  HostRoot(std::string path, std::shared_ptr<const UniqueFd> directory)
      : path_(std::move(path)), directory_(std::move(directory)) {}

  std::string path_;
  std::shared_ptr<const UniqueFd> directory_;  // null: live
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_BASE_HOST_ROOT_H_
