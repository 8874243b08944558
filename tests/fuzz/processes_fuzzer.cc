// Any bytes as what /proc tells of a process: its files and what one of its
// descriptors leads to.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "collectors/netns/link.h"
#include "collectors/processes/command_line.h"
#include "collectors/processes/descriptors.h"
#include "collectors/processes/process.h"
#include "collectors/processes/uptime.h"
#include "tests/fuzz/fuzzing.h"
#include "tests/support.h"

namespace {

using namespace ssh_keepalive;  // NOLINT(google-build-using-namespace)
using namespace ssh_keepalive::
    processes;  // NOLINT(google-build-using-namespace)
using fuzzing::require;

constexpr int kPid = 7;
constexpr const char* kFiles[] = {"stat",   "status",  "cmdline",
                                  "cgroup", "uid_map", "task/7/children"};

// Keeps its files open: making them anew would take most of the time.
class Tree {
 public:
  Tree() {
    for (const char* name : kFiles) {
      add(std::string("proc/7/") + name);
    }
    add("proc/stat");
    add("proc/uptime");
    std::filesystem::create_directories(directory_.path() / "proc/7/fd");
  }

  void fill(std::string_view text) const {
    for (const int file : files_) {
      require(::ftruncate(file, 0) == 0 &&
              ::pwrite(file, text.data(), text.size(), 0) ==
                  static_cast<ssize_t>(text.size()));
    }
    const std::string link = (directory_.path() / "proc/7/fd/3").string();
    ::unlink(link.c_str());
    // Fails for what can be no link's text: then there is no descriptor.
    static_cast<void>(
        ::symlink(std::string(text.substr(0, 200)).c_str(), link.c_str()));
  }

  [[nodiscard]] HostRoot root() const {
    return *HostRoot::open(directory_.path().string());
  }

 private:
  void add(const std::string& name) {
    directory_.write(name, "");
    files_.push_back(
        ::open((directory_.path() / name).c_str(), O_RDWR | O_CLOEXEC));
  }

  testing::TemporaryDirectory directory_;
  std::vector<int> files_;
};

void check_texts(std::string_view text) {
  if (const auto process = parse_stat(text)) {
    const auto start = start_after_boot(*process);
    require(start.count() >= 0);
    const std::string again = std::to_string(process->pid) + " (" +
                              process->name + ") S " +
                              std::to_string(process->parent_pid) +
                              " 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 " +
                              std::to_string(process->start_ticks) + " ";
    require(parse_stat(again) == process);
  }
  static_cast<void>(parse_credentials(text));
  if (const auto up = parse_uptime(text)) {
    constexpr std::chrono::hours kCentury{24 * 365 * 101};
    require(up->count() >= 0 && *up < kCentury);
  }
  if (const auto id = netns::parse_link(text)) {
    require(netns::parse_link("net:[" + std::to_string(*id) + "]") == id);
  }
}

void check_process(const HostRoot& root) {
  const Result<Process> process = read_process(root, kPid);
  require(!process.ok() || process->pid == kPid);
  static_cast<void>(effective_uid(root, kPid));
  const std::string title = title_of(root, kPid);
  require(title.find('\0') == title.npos && !title.ends_with(' '));
  const std::string unit = unit_of(root, kPid);
  require(unit.find_first_of("/\n") == unit.npos);
  static_cast<void>(namespace_pid(root, kPid));
  const std::string terminal = terminal_of(root, kPid);
  require(terminal.empty() || terminal.starts_with("pts/") ||
          terminal.starts_with("tty"));
  static_cast<void>(uid_inside(root, kPid, 1000));
  static_cast<void>(uid_inside(root, kPid, 4294967295U));
  static_cast<void>(any_child(root, kPid));
  static_cast<void>(credentials_of(root, kPid));
  if (const auto arguments = arguments_of(root, kPid); arguments.ok()) {
    for (const std::string& argument : *arguments) {
      require(argument.find('\0') == argument.npos);
    }
  }
  if (const auto boot = boot_time(root); boot && process.ok()) {
    require(start_time(*boot, *process) >= *boot);
  }
  const auto inode = socket_behind(root, kPid, 3);
  require(socket_inodes(root, kPid).size() == (inode ? 1 : 0));
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const Tree tree;
  static const HostRoot root = tree.root();
  const std::vector<char> copy = fuzzing::copy_of(data, size);
  const std::string_view text(copy.data(), copy.size());
  check_texts(text);
  tree.fill(text);
  check_process(root);
  return 0;
}
