#include "collectors/sysctl/boot_files.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "collectors/base/directory.h"
#include "collectors/base/file.h"
#include "collectors/base/number.h"

namespace ssh_keepalive::sysctl {
namespace {

// The first one that has a file of a name hides those of the same name in the
// others. /lib is /usr/lib but on systems from before the merge.
constexpr std::array kDirectories = {"/etc/sysctl.d", "/run/sysctl.d",
                                     "/usr/local/lib/sysctl.d",
                                     "/usr/lib/sysctl.d", "/lib/sysctl.d"};
constexpr const char* kOldFile = "/etc/sysctl.conf";

bool is_comment(std::string_view line) {
  return line.front() == '#' || line.front() == ';';
}

// Names have dots for slashes, unless a slash comes first; then slashes are
// slashes. A slash at the start means nothing.
std::string normalised(std::string_view name) {
  std::string key(name);
  const std::size_t first = key.find_first_of("./");
  if (first != key.npos && key.at(first) == '.') {
    for (char& c : key) {
      c = c == '.' ? '/' : c == '/' ? '.' : c;
    }
  }
  std::string simple;
  for (const char c : key) {
    if (c != '/' || (!simple.empty() && simple.back() != '/')) {
      simple += c;
    }
  }
  while (simple.ends_with('/')) {
    simple.pop_back();
  }
  return simple;
}

bool is_pattern(std::string_view key) {
  return key.find_first_of("*?[") != key.npos;
}

bool covers(const BootLine& line, const std::string& key) {
  return line.key == key ||
         (is_pattern(line.key) &&
          ::fnmatch(line.key.c_str(), key.c_str(), FNM_PATHNAME) == 0);
}

// An empty file, or a link to /dev/null, hides others and sets nothing.
bool hides_only(const HostRoot& root, const std::string& path) {
  const Result<UniqueFd> handle = root.open_path(path, O_PATH);
  struct stat status {};
  return handle.ok() && ::fstat(handle->get(), &status) == 0 &&
         (S_ISCHR(status.st_mode) || status.st_size == 0);
}

// The files by their names, which decide the order.
std::map<std::string, std::string> files_by_name(const HostRoot& root,
                                                 std::vector<Error>& errors) {
  std::map<std::string, std::string> files;
  for (const char* const directory : kDirectories) {
    const Result<std::vector<std::string>> names =
        list_directory(root, directory);
    if (!names.ok() && names.error().kind != ErrorKind::kAbsent) {
      errors.push_back(names.error());
    }
    if (!names.ok()) {
      continue;
    }
    for (const std::string& name : *names) {
      if (name.ends_with(".conf") && !name.starts_with('.')) {
        files.try_emplace(name, std::string(directory) + "/" + name);
      }
    }
  }
  return files;
}

bool same_file(const FileIdentity& a, const FileIdentity& b) {
  return a.device == b.device && a.inode == b.inode;
}

// A line with the very name, also an exclusion, beats all patterns. Those are
// applied in turn: the last one that the kernel takes stays. An exclusion by a
// pattern excludes nothing.
const BootLine* acting_of(const std::vector<const BootLine*>& kept,
                          const std::string& key) {
  const BootLine* by_pattern = nullptr;
  for (const BootLine* const line : kept) {
    if (line->key == key) {
      return line;
    }
    if (line->value &&
        (by_pattern == nullptr || parse_boot_value(*line->value))) {
      by_pattern = line;
    }
  }
  return by_pattern;
}

}  // namespace

std::vector<BootLine> parse_boot_file(std::string_view content,
                                      const std::string& file) {
  std::vector<BootLine> lines;
  for (int number = 1; !content.empty(); ++number) {
    const std::size_t length = std::min(content.find('\n'), content.size());
    std::string_view text = trim(content.substr(0, length));
    content.remove_prefix(std::min(length + 1, content.size()));
    if (text.empty() || is_comment(text)) {
      continue;
    }
    const std::size_t equals = text.find('=');
    const bool minus = text.starts_with('-');
    if (equals == text.npos && !minus) {
      continue;
    }
    BootLine line{.place = {file, number}};
    if (equals != text.npos) {
      line.value = std::string(trim(text.substr(equals + 1)));
    }
    text = text.substr(0, equals);
    text.remove_prefix(minus ? 1 : 0);
    line.key = normalised(trim(text));
    lines.push_back(std::move(line));
  }
  return lines;
}

std::optional<std::int64_t> parse_boot_value(std::string_view text) {
  const std::size_t blank = std::min(text.find_first_of(" \t"), text.size());
  std::string_view digits = text.substr(0, blank);
  const bool negative = digits.starts_with('-');
  digits.remove_prefix(negative ? 1 : 0);
  constexpr int kHexadecimal = 16;
  constexpr int kOctal = 8;
  constexpr int kDecimal = 10;
  int base = kDecimal;
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    base = kHexadecimal;
    digits.remove_prefix(2);
  } else if (digits.size() > 1 && digits.starts_with('0')) {
    base = kOctal;
  }
  std::int64_t value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
  // All of these settings are ints.
  constexpr std::int64_t kMost = 2'147'483'647;
  if (error != std::errc{} || stop != end || value < 0 || value > kMost) {
    return std::nullopt;
  }
  return negative ? -value : value;
}

BootFiles read_boot_files(const HostRoot& root) {
  BootFiles files;
  const Result<FileIdentity> old = identify_file(root, kOldFile);
  bool old_is_read = false;
  for (const auto& [name, path] : files_by_name(root, files.errors)) {
    if (hides_only(root, path)) {
      continue;
    }
    const Result<File> file = read_file(root, path);
    if (!file.ok()) {
      // A link to nowhere: systemd passes over it.
      if (file.error().kind != ErrorKind::kAbsent) {
        files.errors.push_back(file.error());
      }
      continue;
    }
    old_is_read = old_is_read || (old.ok() && same_file(*old, file->identity));
    for (BootLine& line : parse_boot_file(file->bytes, path)) {
      files.lines.push_back(std::move(line));
    }
  }
  if (old.ok() && !old_is_read) {
    const Result<File> file = read_file(root, kOldFile);
    if (file.ok()) {
      files.not_read = parse_boot_file(file->bytes, kOldFile);
    }
  }
  return files;
}

BootSetting boot_setting(const BootFiles& files, const std::string& key) {
  std::vector<const BootLine*> all;
  // As systemd keeps them: one line for each key or pattern.
  std::vector<const BootLine*> kept;
  for (const BootLine& line : files.lines) {
    if (!covers(line, key)) {
      continue;
    }
    all.push_back(&line);
    const auto same = std::ranges::find(kept, line.key, &BootLine::key);
    if (same != kept.end() && (*same)->value == line.value) {
      continue;  // said again, the earlier line counts
    }
    if (same != kept.end()) {
      kept.erase(same);
    }
    kept.push_back(&line);
  }
  const BootLine* const acting = acting_of(kept, key);
  BootSetting setting;
  for (const BootLine* const line : all) {
    if (line != acting && line->value) {
      setting.shadowed.push_back(line->place);
    }
  }
  if (acting != nullptr && acting->value) {
    setting.place = acting->place;
    setting.value = parse_boot_value(*acting->value);
  }
  for (const BootLine& line : files.not_read) {
    if (covers(line, key) && line.value) {
      setting.not_read = line.place;
    }
  }
  return setting;
}

}  // namespace ssh_keepalive::sysctl
