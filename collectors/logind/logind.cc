#include "collectors/logind/logind.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <utility>

#include "collectors/base/dpkg.h"
#include "collectors/base/drop_ins.h"
#include "collectors/base/file.h"
#include "collectors/base/number.h"
#include "collectors/base/systemd_syntax.h"
#include "collectors/logind/time_span.h"

namespace ssh_keepalive::logind {
namespace {

constexpr std::array<std::string_view, 4> kMainFiles = {
    "/etc/systemd/logind.conf", "/run/systemd/logind.conf",
    "/usr/local/lib/systemd/logind.conf", "/usr/lib/systemd/logind.conf"};
// In the order in which a file replaces those of the same name. /lib is
// looked at where it is no link, as Debian 12's systemd does.
constexpr std::array<std::string_view, 5> kDropInDirectories = {
    "/etc/systemd/logind.conf.d", "/run/systemd/logind.conf.d",
    "/usr/local/lib/systemd/logind.conf.d", "/usr/lib/systemd/logind.conf.d",
    "/lib/systemd/logind.conf.d"};

constexpr std::string_view kSection = "Login";
constexpr std::string_view kKey = "StopIdleSessionSec";
constexpr std::size_t kMaxTotalBytes = std::size_t{16} << 20;
constexpr std::size_t kMaxRefusedLines = 16;  // of one file, to speak of

std::string place(const std::string& path, int line) {
  return path + ":" + std::to_string(line);
}

class Reader {
 public:
  Reader(const HostRoot& root, Facts& facts) : root_(root), facts_(facts) {}

  std::vector<Error> read() {
    facts_ = {.known = true};
    for (const std::string_view path : kMainFiles) {
      if (read_one(std::string(path))) {
        break;
      }
    }
    const DropIns drop_ins = find_drop_ins(root_, kDropInDirectories);
    std::ranges::copy(drop_ins.errors, std::back_inserter(errors_));
    for (const auto& [name, paths] : drop_ins.files) {
      if (!stopped_) {
        read_one(paths.front());
      }
    }
    if (drop_ins.incomplete) {
      facts_.known = false;
    }
    if (!facts_.known) {
      facts_ = {};
    }
    return std::move(errors_);
  }

 private:
  // False: there is no such file.
  bool read_one(const std::string& path) {
    const Result<File> file = read_file(root_, path);
    if (!file.ok()) {
      if (!reads_as_empty(root_, path, file.error())) {
        give_up(file.error());
      }
      return file.error().kind != ErrorKind::kAbsent;
    }
    total_bytes_ += file->bytes.size();
    if (total_bytes_ > kMaxTotalBytes) {
      give_up({.kind = ErrorKind::kLimit,
               .attempted = "read",
               .subject = path,
               .reason = "all files of logind.conf are too large together"});
      return true;
    }
    Applied applied = apply_file(file->bytes, path, facts_);
    std::ranges::move(applied.errors, std::back_inserter(errors_));
    stopped_ = applied.stopped;
    return true;
  }

  void give_up(Error error) {
    errors_.push_back(std::move(error));
    facts_.known = false;
  }

  const HostRoot& root_;
  Facts& facts_;
  std::vector<Error> errors_;
  std::size_t total_bytes_ = 0;
  bool stopped_ = false;
};

}  // namespace

bool has_stop_idle_session(std::string_view package_version) {
  constexpr int kSince = 252;
  if (const std::size_t colon = package_version.find(':');
      colon != package_version.npos) {
    package_version.remove_prefix(colon + 1);
  }
  const auto number = parse_integer<int>(
      package_version.substr(0, package_version.find_first_of(".-~+")));
  return !number || *number >= kSince;
}

Applied apply_file(std::string_view text, const std::string& path,
                   Facts& facts) {
  Applied applied;
  const auto stop = systemd::visit_assignments(
      text, kSection, [&](const systemd::Assignment& assignment) {
        if (assignment.key != kKey) {
          return;
        }
        const std::optional<TimeSpan> span = parse_time_span(assignment.value);
        if (span) {
          const bool never = span->length == std::chrono::microseconds::zero();
          facts.known = true;
          facts.stop_idle_session = never ? std::nullopt : span->length;
          facts.source = FileLine{.file = path, .line = assignment.line};
        } else if (applied.errors.size() < kMaxRefusedLines) {
          applied.errors.push_back(
              {.kind = ErrorKind::kInvalid,
               .attempted = "parse",
               .subject = place(path, assignment.line),
               .reason = "StopIdleSessionSec is no time span, so systemd "
                         "ignores the line"});
        }
      });
  if (stop) {
    applied.stopped = true;
    applied.errors.push_back(
        {.kind = ErrorKind::kInvalid,
         .attempted = "parse",
         .subject = place(path, *stop),
         .reason = "a broken section header or no UTF-8: systemd stops "
                   "reading its configuration here"});
  }
  return applied;
}

std::vector<Error> collect(const HostRoot& root, Facts& facts) {
  std::vector<Error> errors = Reader(root, facts).read();
  if (facts.stop_idle_session) {
    const Result<std::string> version = package_version(root, "systemd");
    facts.ignored = version.ok() && !has_stop_idle_session(*version);
  }
  return errors;
}

}  // namespace ssh_keepalive::logind
