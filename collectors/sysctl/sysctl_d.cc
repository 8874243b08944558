#include "collectors/sysctl/sysctl_d.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "collectors/base/drop_ins.h"
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

class Reader {
 public:
  Reader(const HostRoot& root, const std::vector<std::string>& paths)
      : root_(root), paths_(paths), sysctl_conf_(identify(kSysctlConf)) {}

  SysctlD read() {
    DropIns drop_ins = find_drop_ins(root_, kDirectories);
    found_.incomplete = drop_ins.incomplete;
    found_.errors = std::move(drop_ins.errors);
    for (const auto& [name, files] : drop_ins.files) {
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
