#include "collectors/processes/command_line.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <utility>

#include "collectors/base/file.h"
#include "collectors/base/number.h"
#include "collectors/base/unique_fd.h"

namespace ssh_keepalive::processes {
namespace {

constexpr std::size_t kMaxProcBytes = std::size_t{64} << 10;

std::string path_of(int pid, std::string_view name) {
  return "/proc/" + std::to_string(pid) + "/" + std::string(name);
}

// The numbers of the line that starts with `key`; none where one is wrong.
std::vector<std::uint32_t> numbers_of(std::string_view text,
                                      std::string_view key) {
  std::vector<std::uint32_t> numbers;
  const std::size_t start =
      text.starts_with(key) ? 0 : text.find("\n" + std::string(key));
  if (start == text.npos) {
    return numbers;
  }
  text.remove_prefix(text.find(':', start) + 1);
  text = text.substr(0, text.find('\n'));
  for (text = trim(text); !text.empty(); text = trim(text)) {
    const std::size_t length = std::min(text.find_first_of(" \t"), text.size());
    const auto number = parse_integer<std::uint32_t>(text.substr(0, length));
    if (!number) {
      return {};
    }
    numbers.push_back(*number);
    text.remove_prefix(length);
  }
  return numbers;
}

}  // namespace

Result<std::vector<std::string>> arguments_of(const HostRoot& root, int pid) {
  const Result<File> file =
      read_file(root, path_of(pid, "cmdline"), kMaxProcBytes);
  if (!file.ok()) {
    return file.error();
  }
  std::vector<std::string> arguments;
  std::string_view rest = file->bytes;
  while (!rest.empty()) {
    const std::size_t length = std::min(rest.find('\0'), rest.size());
    arguments.emplace_back(rest.substr(0, length));
    rest.remove_prefix(std::min(length + 1, rest.size()));
  }
  return arguments;
}

std::optional<Credentials> parse_credentials(std::string_view status) {
  // Each: real, effective, saved, of the file system.
  const std::vector<std::uint32_t> uids = numbers_of(status, "Uid:");
  const std::vector<std::uint32_t> gids = numbers_of(status, "Gid:");
  if (uids.size() != 4 || gids.size() != 4) {
    return std::nullopt;
  }
  return Credentials{.real_uid = uids[0],
                     .files = {.uid = uids[3],
                               .gid = gids[3],
                               .groups = numbers_of(status, "Groups:")}};
}

std::optional<Credentials> credentials_of(const HostRoot& root, int pid) {
  const Result<File> file =
      read_file(root, path_of(pid, "status"), kMaxProcBytes);
  return file.ok() ? parse_credentials(file->bytes) : std::nullopt;
}

std::optional<std::string> working_directory(const HostRoot& root, int pid) {
  if (!root.has_running_kernel()) {
    return std::nullopt;
  }
  const Result<UniqueFd> directory =
      root.open_path("/proc/" + std::to_string(pid), O_PATH | O_DIRECTORY);
  std::array<char, PATH_MAX> text{};
  const ssize_t length = directory.ok() ? ::readlinkat(directory->get(), "cwd",
                                                       text.data(), text.size())
                                        : -1;
  if (length <= 0 || text[0] != '/') {
    return std::nullopt;
  }
  const std::string_view path(text.data(), static_cast<std::size_t>(length));
  return path.ends_with(" (deleted)") ? std::nullopt
                                      : std::optional(std::string(path));
}

}  // namespace ssh_keepalive::processes
