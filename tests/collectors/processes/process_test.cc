#include "collectors/processes/process.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <map>

#include "collectors/base/unique_fd.h"
#include "collectors/processes/descriptors.h"
#include "collectors/processes/process_table.h"
#include "tests/support.h"

namespace ssh_keepalive::processes {
namespace {

constexpr std::string_view kAfterName =
    " S 7 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4321 0 0\n";

std::string stat_line(int pid, const std::string& name) {
  return std::to_string(pid) + " (" + name + ")" + std::string(kAfterName);
}

TEST(ParseStat, Fields) {
  const auto process = parse_stat(stat_line(42, "sshd"));
  ASSERT_TRUE(process);
  EXPECT_EQ(
      *process,
      (Process{
          .pid = 42, .parent_pid = 7, .name = "sshd", .start_ticks = 4321}));
}

TEST(ParseStat, NameMayImitateTheRest) {
  const auto process = parse_stat(stat_line(42, "a) S 9 (b"));
  ASSERT_TRUE(process);
  EXPECT_EQ(process->name, "a) S 9 (b");
  EXPECT_EQ(process->parent_pid, 7);
}

TEST(ParseStat, TruncatedGarbageAndOverflow) {
  const std::string whole = stat_line(42, "sshd");
  for (const std::string& text :
       {std::string(), std::string("42"), std::string("42 (sshd"),
        std::string("42 (sshd) "), whole.substr(0, whole.find("4321")),
        std::string("x (sshd)") + std::string(kAfterName),
        std::string("42 (sshd) S 7 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 "
                    "99999999999999999999 0"),
        std::string("\0\xff)(", 4)}) {
    EXPECT_FALSE(parse_stat(text)) << text;
  }
}

TEST(Process, OwnOne) {
  const HostRoot root = HostRoot::live();
  const int pid = ::getpid();
  const auto process = read_process(root, pid);
  ASSERT_TRUE(process.ok());
  EXPECT_EQ(process->parent_pid, ::getppid());
  EXPECT_EQ(effective_uid(root, pid), ::geteuid());
  EXPECT_NE(title_of(root, pid).find("collectors_test"), std::string::npos);
  const auto program = executable(root, pid);
  ASSERT_TRUE(program);
  EXPECT_TRUE(is_file(root, "/proc/self/exe", *program));
  EXPECT_FALSE(is_file(root, "/etc/passwd", *program));
  EXPECT_TRUE(root_of(root, pid).is_live());
  EXPECT_GT(namespace_pid(root, pid), 0);
}

TEST(Process, StartIsInThePastAndNotBeforeBoot) {
  const HostRoot root = HostRoot::live();
  const auto boot = boot_time(root);
  const auto process = read_process(root, ::getpid());
  ASSERT_TRUE(boot && process.ok());
  const Time start = start_time(*boot, *process);
  EXPECT_GE(start, *boot);
  EXPECT_LE(start, std::chrono::system_clock::now());
}

TEST(Process, SocketsBehindDescriptors) {
  const UniqueFd a(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_TRUE(a.valid());
  const auto before = socket_inodes(HostRoot::live(), ::getpid());
  const UniqueFd b(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_FALSE(before.empty());
  EXPECT_EQ(socket_inodes(HostRoot::live(), ::getpid()).size(),
            before.size() + 1);
}

TEST(Process, SocketBehindADescriptor) {
  const UniqueFd a(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  std::map<int, std::uint64_t> found;
  const HostRoot root = HostRoot::live();
  const int pid = ::getpid();
  EXPECT_GT(visit_sockets(
                root, pid, 1000,
                [&](int fd, std::uint64_t inode) { found.emplace(fd, inode); }),
            3U);
  ASSERT_TRUE(found.contains(a.get()));
  EXPECT_EQ(socket_behind(root, pid, a.get()), found.at(a.get()));
  EXPECT_FALSE(socket_behind(root, pid, 1'000'000));
  EXPECT_FALSE(socket_behind(root, 0, a.get()));
}

TEST(Process, NoMoreDescriptorsThanAllowed) {
  const auto ignore = [](int /*descriptor*/, std::uint64_t /*inode*/) {};
  EXPECT_EQ(visit_sockets(HostRoot::live(), ::getpid(), 2, ignore), 2U);
  EXPECT_EQ(visit_sockets(HostRoot::live(), ::getpid(), 0, ignore), 0U);
}

TEST(Process, DescriptorsOfARecordedHost) {
  const testing::TemporaryDirectory host;
  const HostRoot root = *HostRoot::open(host.path().string());
  host.write("proc/9/fd/0", "a file");
  const auto link = [&host](const std::string& name, const char* target) {
    std::filesystem::create_symlink(target, host.path() / "proc/9/fd" / name);
  };
  link("3", "socket:[77]");
  link("4", "socket:[18446744073709551616]");
  link("5", "socket:[]");
  link("6", "socket:[7");
  link("7", "pipe:[77]");
  link("8", "socket:[1234567890123456789012345678901234567890]");
  EXPECT_EQ(socket_inodes(root, 9), std::set<std::uint64_t>{77});
  EXPECT_EQ(socket_behind(root, 9, 3), 77U);
  EXPECT_FALSE(socket_behind(root, 9, 4));
  EXPECT_FALSE(socket_behind(root, 9, 8));
  EXPECT_FALSE(socket_behind(root, 9, 9));
  EXPECT_FALSE(socket_behind(root, 8, 3));
}

// As the kernel calls dropbear's children before Linux 6.14.
TEST(Process, ExecutedByDescriptor) {
  const testing::TemporaryDirectory host;
  const HostRoot root = *HostRoot::open(host.path().string());
  const auto name = [&](const std::string& comm, const std::string& line) {
    host.write("proc/9/stat", stat_line(9, comm));
    host.write("proc/9/cmdline", line);
    const auto process = read_process(root, 9);
    return process.ok() ? process->name : "";
  };
  EXPECT_EQ(name("8", std::string("/usr/sbin/dropbear\0-EF\0", 23)),
            "dropbear");
  EXPECT_EQ(name("8", "dropbear"), "dropbear");
  EXPECT_EQ(name("12", "/opt/a_program_of_a_long_name"), "a_program_of_a_");
  EXPECT_EQ(name("8", ""), "8");
  EXPECT_EQ(name("8", "/usr/sbin/"), "8");
  EXPECT_EQ(name("8a", "/usr/sbin/dropbear"), "8a");
  EXPECT_EQ(name("cat", "/usr/sbin/dropbear"), "cat");
}

TEST(Process, Terminal) {
  const testing::TemporaryDirectory host;
  const HostRoot root = *HostRoot::open(host.path().string());
  const auto terminal = [&](const std::string& fields) {
    host.write("proc/9/stat", "9 (ssh) " + fields);
    return terminal_of(root, 9);
  };
  EXPECT_EQ(terminal("S 1 2 3 34816 5 6"), "pts/0");
  EXPECT_EQ(terminal("S 1 2 3 34823"), "pts/7");
  EXPECT_EQ(terminal("S 1 2 3 1083392 5"), "pts/256");
  EXPECT_EQ(terminal("S 1 2 3 35072 5"), "pts/256");
  EXPECT_EQ(terminal("S 1 2 3 1026 5"), "tty2");
  EXPECT_EQ(terminal("S 1 2 3 1088 5"), "");  // ttyS0
  for (const char* nothing : {"S 1 2 3 0 -1", "S 1 2 3", "S 1 2 3 ", "",
                              "S 1 2 3 x 5", "S 1 2 3 99999999999 5"}) {
    EXPECT_EQ(terminal(nothing), "") << nothing;
  }
  host.write("proc/9/stat", "garbage");
  EXPECT_EQ(terminal_of(root, 9), "");
  EXPECT_EQ(terminal_of(root, 8), "");
}

TEST(Process, UidOfItsNamespace) {
  const testing::TemporaryDirectory host;
  const HostRoot root = *HostRoot::open(host.path().string());
  host.write("proc/9/uid_map", "         0          0 4294967295\n");
  EXPECT_EQ(uid_inside(root, 9, 1000), 1000U);
  host.write("proc/9/uid_map", "0 1000 1\n1 100000 65536\n");
  EXPECT_EQ(uid_inside(root, 9, 1000), 0U);
  EXPECT_EQ(uid_inside(root, 9, 100'999), 1000U);
  EXPECT_FALSE(uid_inside(root, 9, 165'536));
  EXPECT_FALSE(uid_inside(root, 9, 5));
  for (const char* bad : {"", "0", "0 0", "x y z\n", "0 0 99999999999\n"}) {
    host.write("proc/9/uid_map", bad);
    EXPECT_FALSE(uid_inside(root, 9, 0)) << bad;
  }
  EXPECT_FALSE(uid_inside(root, 8, 0));
}

TEST(Process, AnyChild) {
  const testing::TemporaryDirectory host;
  const HostRoot root = *HostRoot::open(host.path().string());
  host.write("proc/9/task/9/children", "12 13 ");
  EXPECT_EQ(any_child(root, 9), 12);
  host.write("proc/9/task/9/children", "");
  EXPECT_FALSE(any_child(root, 9));
  EXPECT_FALSE(any_child(root, 8));
}

TEST(Process, UnitIsTheInnermostOne) {
  const testing::TemporaryDirectory host;
  const HostRoot root = *HostRoot::open(host.path().string());
  host.write("proc/1/cgroup", "0::/system.slice/ssh.service\n");
  EXPECT_EQ(unit_of(root, 1), "ssh.service");
  host.write("proc/2/cgroup",
             "2:cpu:/x.service\n1:name=systemd:/user.slice/user@0.service/"
             "app.slice/mine.service/deeper\n");
  EXPECT_EQ(unit_of(root, 2), "mine.service");
  host.write("proc/3/cgroup", "0::/\n");
  EXPECT_EQ(unit_of(root, 3), "");
  EXPECT_EQ(unit_of(root, 4), "");
}

TEST(Process, BootTimeOfARecordedHost) {
  const testing::TemporaryDirectory host;
  const HostRoot root = *HostRoot::open(host.path().string());
  EXPECT_FALSE(boot_time(root));
  host.write("proc/stat", "cpu 1 2\nbtime 1700000000\nprocesses 3\n");
  EXPECT_EQ(boot_time(root), Time(std::chrono::seconds(1700000000)));
  host.write("proc/stat", "btime 99999999999999\n");
  EXPECT_FALSE(boot_time(root));
  host.write("proc/stat", "btime");
  EXPECT_FALSE(boot_time(root));
}

class FindProcesses : public ::testing::Test {
 protected:
  void write(int pid, const std::string& name) {
    host_.write("proc/" + std::to_string(pid) + "/stat", stat_line(pid, name));
  }

  std::vector<int> find() {
    std::vector<int> pids;
    const auto found =
        table_.find(*HostRoot::open(host_.path().string()), {"sshd"}, now_);
    for (const Process& process :
         found.ok() ? *found : std::vector<Process>()) {
      pids.push_back(process.pid);
    }
    return pids;
  }

  testing::TemporaryDirectory host_;
  ProcessTable table_;
  std::chrono::steady_clock::time_point now_{std::chrono::hours(1)};
};

TEST_F(FindProcesses, ByNameAndNewOnesAtOnce) {
  write(1, "systemd");
  write(10, "sshd");
  write(9, "sshd");
  EXPECT_EQ(find(), (std::vector<int>{9, 10}));
  write(11, "sshd");
  EXPECT_EQ(find(), (std::vector<int>{9, 10, 11}));
}

TEST_F(FindProcesses, LongLivedOneThatExecutesAnotherIsFoundLater) {
  host_.write("proc/uptime", "5000.00 1.00\n");
  write(1, "systemd");
  write(9, "bash");
  EXPECT_EQ(find(), std::vector<int>{});
  write(9, "sshd");
  EXPECT_EQ(find(), std::vector<int>{});
  now_ += ProcessTable::kForget;
  EXPECT_EQ(find(), std::vector<int>{9});
}

TEST_F(FindProcesses, YoungOneIsReadAgain) {
  host_.write("proc/uptime", "44.00 1.00\n");
  write(1, "systemd");
  write(9, "(sd-executor)");
  EXPECT_EQ(find(), std::vector<int>{});
  write(9, "sshd");
  EXPECT_EQ(find(), std::vector<int>{9});
}

TEST_F(FindProcesses, PidsBeyondTheKernelsAreNone) {
  write(1, "systemd");
  write(4'194'304, "sshd");
  write(4'194'305, "sshd");
  write(2'000'000'000, "sshd");
  EXPECT_EQ(find(), std::vector<int>{4'194'304});
}

class RefreshProcesses : public FindProcesses {
 protected:
  const std::vector<int>& refresh() {
    EXPECT_TRUE(
        table_.refresh(*HostRoot::open(host_.path().string()), {"sshd"}, now_)
            .ok());
    return table_.fresh();
  }
};

TEST_F(RefreshProcesses, OnlyNewOnesAreFresh) {
  write(9, "sshd");
  write(10, "bash");
  EXPECT_EQ(refresh(), std::vector<int>{9});
  write(11, "sshd");
  EXPECT_EQ(refresh(), std::vector<int>{11});
  EXPECT_EQ(refresh(), std::vector<int>{});
  EXPECT_EQ(table_.named().size(), 2U);
}

TEST_F(RefreshProcesses, OneThatEndedIsGone) {
  write(9, "sshd");
  refresh();
  std::filesystem::remove_all(host_.path() / "proc/9");
  EXPECT_EQ(refresh(), std::vector<int>{});
  EXPECT_TRUE(table_.named().empty());
}

TEST_F(RefreshProcesses, PidUsedAgainIsFreshWhenForgotten) {
  write(9, "sshd");
  refresh();
  host_.write("proc/9/stat",
              "9 (sshd) S 7 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 9999 0 0\n");
  EXPECT_EQ(refresh(), std::vector<int>{});
  table_.forget(9);
  EXPECT_EQ(refresh(), std::vector<int>{9});
  EXPECT_EQ(table_.named().at(9).start_ticks, 9999U);
  now_ += ProcessTable::kForget;
  EXPECT_EQ(refresh(), std::vector<int>{});
  write(9, "sshd");
  now_ += ProcessTable::kForget;
  EXPECT_EQ(refresh(), std::vector<int>{9});
}

TEST_F(FindProcesses, WithoutPidOneNothingIsKnown) {
  write(9, "sshd");
  EXPECT_FALSE(
      table_.find(*HostRoot::open(host_.path().string()), {"sshd"}, now_).ok());
}

}  // namespace
}  // namespace ssh_keepalive::processes
