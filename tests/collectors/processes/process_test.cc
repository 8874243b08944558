#include "collectors/processes/process.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "collectors/base/unique_fd.h"
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
  EXPECT_EQ(shares_network(root, pid), true);
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

TEST_F(FindProcesses, WithoutPidOneNothingIsKnown) {
  write(9, "sshd");
  EXPECT_FALSE(
      table_.find(*HostRoot::open(host_.path().string()), {"sshd"}, now_).ok());
}

}  // namespace
}  // namespace ssh_keepalive::processes
