#include "collectors/processes/descriptors.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>

#include "collectors/base/directory.h"
#include "collectors/base/number.h"
#include "collectors/base/unique_fd.h"

namespace ssh_keepalive::processes {
namespace {

// "socket:[18446744073709551615]"
using LinkText = std::array<char, 32>;

// Nothing where the link is of another kind. `length` is readlink(2)'s result.
std::optional<std::uint64_t> inode_in(const LinkText& text, ssize_t length) {
  constexpr std::string_view kPrefix = "socket:[";
  if (length < 0 || static_cast<std::size_t>(length) == text.size()) {
    return std::nullopt;
  }
  std::string_view link(text.data(), static_cast<std::size_t>(length));
  if (!link.starts_with(kPrefix) || !link.ends_with(']')) {
    return std::nullopt;
  }
  link.remove_prefix(kPrefix.size());
  link.remove_suffix(1);
  return parse_integer<std::uint64_t>(link);
}

std::string folder_of(int pid) {
  return "/proc/" + std::to_string(pid) + "/fd";
}

}  // namespace

std::size_t visit_sockets(
    const HostRoot& root, int pid, std::size_t most,
    const std::function<void(int, std::uint64_t)>& visit) {
  const std::string path = folder_of(pid);
  const Result<UniqueFd> folder = root.open_path(path, O_PATH | O_DIRECTORY);
  if (!folder.ok() || most == 0) {
    return 0;
  }
  std::size_t looked_at = 0;
  // A process that ends meanwhile has fewer: no fault.
  static_cast<void>(visit_directory(root, path, [&](std::string_view name) {
    LinkText text{};
    const std::string terminated(name);
    const auto inode =
        inode_in(text, ::readlinkat(folder->get(), terminated.c_str(),
                                    text.data(), text.size()));
    const auto descriptor = parse_integer<int>(name);
    if (descriptor && inode) {
      visit(*descriptor, *inode);
    }
    return ++looked_at < most;
  }));
  return looked_at;
}

std::optional<std::uint64_t> socket_behind(const HostRoot& root, int pid,
                                           int descriptor) {
  const std::string folder = folder_of(pid);
  const std::string name = std::to_string(descriptor);
  LinkText text{};
  if (root.is_live()) {
    // One system call: this is asked for every session at every look.
    const std::string path = folder + "/" + name;
    return inode_in(text, ::readlink(path.c_str(), text.data(), text.size()));
  }
  const Result<UniqueFd> opened = root.open_path(folder, O_PATH | O_DIRECTORY);
  return opened.ok() ? inode_in(text, ::readlinkat(opened->get(), name.c_str(),
                                                   text.data(), text.size()))
                     : std::nullopt;
}

std::set<std::uint64_t> socket_inodes(const HostRoot& root, int pid) {
  constexpr int kFirst = 3;
  std::set<std::uint64_t> inodes;
  visit_sockets(root, pid, kMaxDirectoryEntries,
                [&inodes](int descriptor, std::uint64_t inode) {
                  if (descriptor >= kFirst) {
                    inodes.insert(inode);
                  }
                });
  return inodes;
}

}  // namespace ssh_keepalive::processes
