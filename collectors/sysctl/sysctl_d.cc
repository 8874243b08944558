#include "collectors/sysctl/sysctl_d.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <utility>

#include "collectors/base/directory.h"
#include "collectors/base/file.h"

namespace ssh_keepalive::sysctl {
namespace {

// In the order in which a file replaces those of the same name.
constexpr std::array<std::string_view, 5> kDirectories = {
    "/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d",
    "/usr/lib/sysctl.d", "/lib/sysctl.d"};
constexpr std::string_view kSysctlConf = "/etc/sysctl.conf";

constexpr std::size_t kMaxTotalBytes = std::size_t{64} << 20;
constexpr std::size_t kMaxLines = 10'000;  // about the settings of interest

// Nothing where it does not exist.
std::optional<struct stat> status_of(const HostRoot& root,
                                     std::string_view path) {
  const Result<UniqueFd> handle = root.open_path(path, O_PATH);
  struct stat status {};
  return handle.ok() && ::fstat(handle->get(), &status) == 0
             ? std::optional(status)
             : std::nullopt;
}

// A dangling link, /dev/null and a directory say nothing, to systemd too.
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

class Reader {
 public:
  Reader(const HostRoot& root, const std::vector<std::string>& paths)
      : root_(root), paths_(paths), sysctl_conf_(identify(kSysctlConf)) {}

  SysctlD read() {
    find_files();
    for (const auto& [name, files] : files_) {
      read_acting(files.front());
      for (std::size_t i = 1; i < files.size(); ++i) {
        for (Step& step : read_inert(files[i])) {
          found_.replaced.push_back(
              {.step = std::move(step), .by = files.front()});
        }
      }
    }
    if (!found_.sysctl_conf_link && !found_.incomplete) {
      found_.not_read = read_inert(std::string(kSysctlConf));
    }
    return std::move(found_);
  }

 private:
  std::optional<FileIdentity> identify(std::string_view path) const {
    const Result<FileIdentity> identity = identify_file(root_, path);
    return identity.ok() ? std::optional(*identity) : std::nullopt;
  }

  void find_files() {
    std::vector<std::pair<dev_t, ino_t>> seen;
    for (const std::string_view directory : kDirectories) {
      if (const auto status = status_of(root_, directory)) {
        // /lib may be a link to /usr/lib.
        const std::pair identity(status->st_dev, status->st_ino);
        if (std::ranges::find(seen, identity) != seen.end()) {
          continue;
        }
        seen.push_back(identity);
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
  }

  void add_files(std::string_view directory,
                 const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (!name.ends_with(".conf") || name.starts_with('.')) {
        continue;
      }
      if (++file_count_ > kMaxSysctlFiles) {
        found_.errors.push_back(
            {.kind = ErrorKind::kLimit,
             .attempted = "list",
             .subject = std::string(directory),
             .reason = "more than " + std::to_string(kMaxSysctlFiles) +
                       " files, with those of the other directories"});
        found_.incomplete = true;
        return;
      }
      files_[name].push_back(fmt::format("{}/{}", directory, name));
    }
  }

  void read_acting(const std::string& path) {
    if (sysctl_conf_ && identify(path) == sysctl_conf_) {
      found_.sysctl_conf_link = path;
    }
    Result<std::vector<Step>> steps = read_steps(path);
    if (steps.ok()) {
      std::ranges::move(*steps, std::back_inserter(found_.acting));
    } else if (!reads_as_empty(root_, path, steps.error())) {
      found_.acting.push_back({.at = {.file = path}, .unknown = true});
      found_.errors.push_back(std::move(steps).error());
    }
  }

  // What is not read at boot does not matter where it cannot be read here.
  std::vector<Step> read_inert(const std::string& path) {
    Result<std::vector<Step>> steps = read_steps(path);
    return steps.ok() ? *std::move(steps) : std::vector<Step>();
  }

  Result<std::vector<Step>> read_steps(const std::string& path) {
    const Result<File> file = read_file(root_, path);
    if (!file.ok()) {
      return file.error();
    }
    total_bytes_ += file->bytes.size();
    if (total_bytes_ > kMaxTotalBytes) {
      return Error{.kind = ErrorKind::kLimit,
                   .attempted = "read",
                   .subject = path,
                   .reason = "all files of sysctl.d are too large together"};
    }
    std::vector<Step> steps;
    for (Assignment& assignment : parse_assignments(file->bytes)) {
      const std::optional<bool> relevant = is_relevant(assignment.key);
      if (relevant && !*relevant) {
        continue;
      }
      if (++line_count_ > kMaxLines) {
        return Error{.kind = ErrorKind::kLimit,
                     .attempted = "read",
                     .subject = path,
                     .reason = "too many lines about the same settings"};
      }
      if (!relevant) {
        found_.errors.push_back(
            {.kind = ErrorKind::kLimit,
             .attempted = "expand",
             .subject = path + ":" + std::to_string(assignment.line),
             .reason = "the pattern means too much"});
      }
      steps.push_back({.at = {.file = path, .line = assignment.line},
                       .key = std::move(assignment.key),
                       .value = std::move(assignment.value),
                       .unknown = !relevant.has_value()});
    }
    return steps;
  }

  [[nodiscard]] std::optional<bool> is_relevant(const std::string& key) const {
    bool certain = true;
    for (const std::string& path : paths_) {
      const std::optional<bool> named =
          is_glob(key) ? glob_matches(key, path) : std::optional(key == path);
      if (named.value_or(false)) {
        return true;
      }
      certain = certain && named.has_value();
    }
    return certain ? std::optional(false) : std::nullopt;
  }

  const HostRoot& root_;
  const std::vector<std::string>& paths_;
  std::optional<FileIdentity> sysctl_conf_;
  // By name, as systemd-sysctl sorts them; the first of each is read.
  std::map<std::string, std::vector<std::string>> files_;
  std::size_t file_count_ = 0;
  std::size_t total_bytes_ = 0;
  std::size_t line_count_ = 0;
  SysctlD found_;
};

}  // namespace

bool Step::names(std::string_view path) const {
  if (unknown) {
    return false;
  }
  return is_glob(key) ? glob_matches(key, std::string(path)).value_or(false)
                      : key == path;
}

SysctlD read_sysctl_d(const HostRoot& root,
                      const std::vector<std::string>& paths) {
  return Reader(root, paths).read();
}

}  // namespace ssh_keepalive::sysctl
