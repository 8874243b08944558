#include "collectors/processes/process.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <ctime>
#include <utility>

#include "collectors/base/directory.h"
#include "collectors/base/file.h"
#include "collectors/base/number.h"
#include "collectors/base/unique_fd.h"

namespace ssh_keepalive::processes {
namespace {

constexpr std::size_t kMaxProcBytes = std::size_t{64} << 10;
constexpr std::int64_t kTicksPerSecond = 100;  // USER_HZ

std::string path_of(int pid, std::string_view name) {
  return "/proc/" + std::to_string(pid) + "/" + std::string(name);
}

// A running kernel's own /proc has nothing but regular files in these places,
// and never half of an old one: there a third of read_file's system calls will
// do. Sessions are looked at by the thousand. Errors: read_file's.
Result<std::string> read_bytes(const HostRoot& root, const std::string& path) {
  if (!root.is_live()) {
    Result<File> file = read_file(root, path, kMaxProcBytes);
    return file.ok() ? Result<std::string>(std::move(file->bytes))
                     : std::move(file).error();
  }
  const Result<UniqueFd> fd = root.open_path(path, O_RDONLY);
  if (!fd.ok()) {
    return fd.error();
  }
  std::string bytes;
  std::array<char, 4096> part;  // NOLINT(*-member-init): read(2) fills it
  while (bytes.size() < kMaxProcBytes) {
    const ssize_t count = ::read(fd->get(), part.data(), part.size());
    if (count < 0) {
      return system_error("read", path, errno);
    }
    if (count == 0) {
      break;
    }
    bytes.append(part.data(), static_cast<std::size_t>(count));
  }
  return bytes;
}

std::string read_text(const HostRoot& root, const std::string& path) {
  Result<std::string> bytes = read_bytes(root, path);
  return bytes.ok() ? *std::move(bytes) : std::string();
}

std::string_view take_line(std::string_view& text) {
  const std::size_t length = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  return line;
}

// The first word of what follows `key` at the start of a line.
std::optional<std::string_view> value_of(std::string_view text,
                                         std::string_view key) {
  while (!text.empty()) {
    std::string_view line = take_line(text);
    if (line.starts_with(key)) {
      return trim(line.substr(key.size()));
    }
  }
  return std::nullopt;
}

// /proc/PID itself, whose links the kernel resolves specially. Only a running
// kernel's: the links of a recorded tree are just text.
UniqueFd process_directory(const HostRoot& root, int pid) {
  if (!root.has_running_kernel()) {
    return {};
  }
  Result<UniqueFd> directory =
      root.open_path("/proc/" + std::to_string(pid), O_PATH | O_DIRECTORY);
  return directory.ok() ? *std::move(directory) : UniqueFd();
}

std::optional<struct stat> status_behind(const HostRoot& root, int pid,
                                         const char* link) {
  const UniqueFd directory = process_directory(root, pid);
  struct stat status {};
  if (!directory.valid() || ::fstatat(directory.get(), link, &status, 0) != 0) {
    return std::nullopt;
  }
  return status;
}

// The kernel packs major and minor number so in /proc/PID/stat: new_encode_dev
// of linux/kdev_t.h. Majors: Documentation/admin-guide/devices.txt.
std::string terminal_name(std::uint32_t device) {
  constexpr std::uint32_t kVirtualConsole = 4;
  constexpr std::uint32_t kConsoles = 64;  // from here on serial lines
  constexpr std::uint32_t kFirstPts = 136;
  constexpr std::uint32_t kLastPts = 143;
  const std::uint32_t major = (device >> 8U) & 0xfffU;
  const std::uint32_t minor = (device & 0xffU) | ((device >> 12U) & 0xfff00U);
  if (kFirstPts <= major && major <= kLastPts) {
    return "pts/" + std::to_string((major - kFirstPts) * 256 + minor);
  }
  if (major == kVirtualConsole && minor < kConsoles) {
    return "tty" + std::to_string(minor);
  }
  return "";
}

// `name` where the command line is empty.
std::string name_by_command_line(const HostRoot& root, int pid,
                                 std::string name) {
  constexpr std::size_t kCommBytes = 15;
  const std::string line = read_text(root, path_of(pid, "cmdline"));
  std::string_view program = std::string_view(line).substr(0, line.find('\0'));
  program.remove_prefix(program.rfind('/') + 1);  // npos + 1 is 0
  return program.empty() ? std::move(name)
                         : std::string(program.substr(0, kCommBytes));
}

bool is_unit(std::string_view name) {
  return name.ends_with(".service") || name.ends_with(".scope") ||
         name.ends_with(".socket");
}

}  // namespace

std::optional<Process> parse_stat(std::string_view content) {
  // The name stands in parentheses and may contain any byte, also `)`.
  const std::size_t open = content.find(" (");
  const std::size_t close = content.rfind(") ");
  if (open == content.npos || close == content.npos || close < open + 2) {
    return std::nullopt;
  }
  const auto pid = parse_integer<int>(content.substr(0, open));
  Process process{.name =
                      std::string(content.substr(open + 2, close - open - 2))};
  // What follows the name: 3 is the state, 4 the parent, 22 the start.
  constexpr int kParent = 4;
  constexpr int kStart = 22;
  std::optional<int> parent;
  std::optional<std::uint64_t> start;
  std::string_view rest = content.substr(close + 2);
  for (int field = 3; field <= kStart && !rest.empty(); ++field) {
    const std::size_t length = std::min(rest.find(' '), rest.size());
    const std::string_view word = trim(rest.substr(0, length));
    rest.remove_prefix(std::min(length + 1, rest.size()));
    if (field == kParent) {
      parent = parse_integer<int>(word);
    } else if (field == kStart) {
      start = parse_integer<std::uint64_t>(word);
    }
  }
  if (!pid || !parent || !start) {
    return std::nullopt;
  }
  process.pid = *pid;
  process.parent_pid = *parent;
  process.start_ticks = *start;
  return process;
}

Result<Process> read_process(const HostRoot& root, int pid) {
  const std::string path = path_of(pid, "stat");
  const Result<std::string> bytes = read_bytes(root, path);
  if (!bytes.ok()) {
    return bytes.error();
  }
  std::optional<Process> process = parse_stat(*bytes);
  if (!process || process->pid != pid) {
    return Error{.kind = ErrorKind::kInvalid,
                 .attempted = "parse",
                 .subject = path,
                 .reason = "not the state of that process"};
  }
  if (parse_integer<std::uint32_t>(process->name)) {
    process->name = name_by_command_line(root, pid, std::move(process->name));
  }
  return *std::move(process);
}

std::optional<std::uint32_t> effective_uid(const HostRoot& root, int pid) {
  const std::string status = read_text(root, path_of(pid, "status"));
  std::string_view uids = value_of(status, "Uid:").value_or("");
  // Real, effective, saved and file system uid.
  uids.remove_prefix(std::min(uids.find('\t'), uids.size()));
  uids = trim(uids);
  return parse_integer<std::uint32_t>(uids.substr(0, uids.find('\t')));
}

std::string title_of(const HostRoot& root, int pid) {
  std::string title = read_text(root, path_of(pid, "cmdline"));
  title.erase(title.find_last_not_of('\0') + 1);
  std::replace(title.begin(), title.end(), '\0', ' ');
  title.erase(title.find_last_not_of(' ') + 1);
  return title;
}

std::string unit_of(const HostRoot& root, int pid) {
  const std::string groups = read_text(root, path_of(pid, "cgroup"));
  // "0::PATH" is the unified hierarchy, "N:name=systemd:PATH" the older one.
  std::string_view rest = groups;
  std::string_view unit;
  while (!rest.empty()) {
    std::string_view line = take_line(rest);
    if (!line.starts_with("0::") && line.find(":name=systemd:") == line.npos) {
      continue;
    }
    while (!line.empty()) {
      const std::size_t slash = line.rfind('/');
      const std::string_view part =
          slash == line.npos ? line : line.substr(slash + 1);
      if (is_unit(part) && unit.empty()) {
        unit = part;
      }
      line = slash == line.npos ? std::string_view() : line.substr(0, slash);
    }
  }
  return std::string(unit);
}

std::optional<Executable> executable(const HostRoot& root, int pid) {
  const auto status = status_behind(root, pid, "exe");
  if (!status) {
    return std::nullopt;
  }
  return Executable{.owner = status->st_uid,
                    .device = status->st_dev,
                    .inode = status->st_ino};
}

bool is_file(const HostRoot& root, std::string_view path,
             const Executable& executable) {
  const Result<UniqueFd> file = root.open_path(path, O_PATH);
  struct stat status {};
  return file.ok() && ::fstat(file->get(), &status) == 0 &&
         status.st_dev == executable.device &&
         status.st_ino == executable.inode;
}

int namespace_pid(const HostRoot& root, int pid) {
  const std::string status = read_text(root, path_of(pid, "status"));
  // From this namespace to the innermost one.
  std::string_view pids = value_of(status, "NSpid:").value_or("");
  if (const std::size_t tab = pids.rfind('\t'); tab != pids.npos) {
    pids.remove_prefix(tab + 1);
  }
  return parse_integer<int>(pids).value_or(pid);
}

namespace {

// Whether the process has the mounts of the host's first process, or of this
// one; true where nobody may look.
bool shares_mounts(const HostRoot& root, int pid) {
  constexpr int kInit = 1;
  const auto its = status_behind(root, pid, "ns/mnt");
  const auto inits = status_behind(root, kInit, "ns/mnt");
  struct stat own {};
  const bool own_known = ::stat("/proc/thread-self/ns/mnt", &own) == 0;
  return !its || (inits && its->st_ino == inits->st_ino) ||
         (own_known && its->st_ino == own.st_ino) || (!inits && !own_known);
}

}  // namespace

HostRoot root_of(const HostRoot& root, int pid) {
  const UniqueFd directory = process_directory(root, pid);
  if (!directory.valid()) {
    return root;
  }
  UniqueFd own(
      ::openat(directory.get(), "root", O_PATH | O_DIRECTORY | O_CLOEXEC));
  const Result<UniqueFd> shared = root.open_path("/", O_PATH | O_DIRECTORY);
  struct stat own_status {};
  struct stat shared_status {};
  if (!own.valid() || !shared.ok() || ::fstat(own.get(), &own_status) != 0 ||
      ::fstat(shared->get(), &shared_status) != 0 ||
      (own_status.st_dev == shared_status.st_dev &&
       own_status.st_ino == shared_status.st_ino && shares_mounts(root, pid))) {
    return root;
  }
  return HostRoot::at(path_of(pid, "root"), std::move(own));
}

std::string terminal_of(const HostRoot& root, int pid) {
  const std::string content = read_text(root, path_of(pid, "stat"));
  const std::size_t close = content.rfind(") ");
  if (close == content.npos) {
    return "";
  }
  std::string_view rest = std::string_view(content).substr(close + 2);
  // 3 is the state, 7 the terminal's device number.
  for (int field = 3; field < 7; ++field) {
    rest.remove_prefix(std::min(rest.find(' '), rest.size()));
    rest.remove_prefix(std::min<std::size_t>(1, rest.size()));
  }
  const auto device =
      parse_integer<std::int32_t>(rest.substr(0, rest.find(' ')));
  return device ? terminal_name(static_cast<std::uint32_t>(*device)) : "";
}

std::optional<std::uint32_t> uid_inside(const HostRoot& root, int pid,
                                        std::uint32_t uid) {
  const std::string map = read_text(root, path_of(pid, "uid_map"));
  std::string_view rest = map;
  while (!rest.empty()) {
    std::string_view line = take_line(rest);
    // The first uid inside, the first one here, and how many.
    std::array<std::optional<std::uint32_t>, 3> numbers;
    for (auto& number : numbers) {
      line = trim(line);
      const std::size_t length = std::min(line.find(' '), line.size());
      number = parse_integer<std::uint32_t>(line.substr(0, length));
      line.remove_prefix(length);
    }
    const auto [inside, here, count] = numbers;
    if (inside && here && count && uid >= *here && uid - *here < *count) {
      return *inside + (uid - *here);
    }
  }
  return std::nullopt;
}

std::optional<int> any_child(const HostRoot& root, int pid) {
  const std::string children = read_text(
      root, path_of(pid, "task/" + std::to_string(pid) + "/children"));
  return parse_integer<int>(
      std::string_view(children).substr(0, children.find(' ')));
}

std::optional<Time> boot_time(const HostRoot& root) {
  using std::chrono::nanoseconds;
  using std::chrono::seconds;
  if (root.has_running_kernel()) {
    const auto reading = [](clockid_t clock) {
      struct timespec time {};
      ::clock_gettime(clock, &time);
      return seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
    };
    return Time(reading(CLOCK_REALTIME) - reading(CLOCK_BOOTTIME));
  }
  const std::string text = read_text(root, "/proc/stat");
  const auto since_epoch =
      parse_integer<std::int64_t>(value_of(text, "btime ").value_or(""));
  // Beyond the year 2262 nanoseconds do not fit.
  constexpr std::int64_t kLatest = 9'000'000'000;
  if (!since_epoch || *since_epoch < 0 || *since_epoch > kLatest) {
    return std::nullopt;
  }
  return Time(seconds(*since_epoch));
}

std::chrono::milliseconds start_after_boot(const Process& process) {
  constexpr std::uint64_t kCenturyOfTicks = 315'360'000'000;
  const auto ticks =
      static_cast<std::int64_t>(std::min(process.start_ticks, kCenturyOfTicks));
  return std::chrono::milliseconds(ticks * 1000 / kTicksPerSecond);
}

Time start_time(Time boot, const Process& process) {
  return boot + start_after_boot(process);
}

}  // namespace ssh_keepalive::processes
