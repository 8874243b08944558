#ifndef SSH_KEEPALIVE_COLLECTORS_BASE_DIRECTORY_H_
#define SSH_KEEPALIVE_COLLECTORS_BASE_DIRECTORY_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"

namespace ssh_keepalive {

inline constexpr std::size_t kMaxDirectoryEntries = 20'000;

// Calls `visit` with each name in a directory, without "." and "..", in the
// order that the kernel gives, until it returns false. Errors: kAbsent,
// kDenied.
Result<void> visit_directory(
    const HostRoot& root, std::string_view path,
    const std::function<bool(std::string_view)>& visit);

// The names in a directory, without "." and "..", sorted by bytes. Errors:
// kAbsent, kDenied, kLimit (more than `max_entries`).
Result<std::vector<std::string>> list_directory(
    const HostRoot& root, std::string_view path,
    std::size_t max_entries = kMaxDirectoryEntries);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_BASE_DIRECTORY_H_
