#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "collectors/sshd_config/memory.h"
#include "tests/support.h"

namespace ssh_keepalive::sshd_config {
namespace {

using namespace std::chrono_literals;
using processes::Time;

constexpr Time kStart{std::chrono::seconds(1'700'000'000)};
constexpr int kPid = 42;

// A daemon of a recorded host, whose files have the times that a test sets.
class LoadedConfiguration : public ::testing::Test {
 protected:
  void SetUp() override { edit("ClientAliveInterval 5\n", kStart - 1h); }

  void set_time(const std::string& name, Time time) {
    std::filesystem::last_write_time(
        directory_.path() / name,
        std::chrono::file_clock::from_sys(
            std::chrono::time_point_cast<std::chrono::nanoseconds>(time)));
  }

  void edit(const std::string& content, Time time) {
    directory_.write("etc/ssh/sshd_config", content);
    set_time("etc/ssh/sshd_config", time);
  }

  void write_pid_file(const std::string& content, Time time) {
    directory_.write("run/sshd.pid", content);
    set_time("run/sshd.pid", time);
  }

  // What the daemon's state is judged to be.
  Instance look() {
    const HostRoot root = *HostRoot::open(directory_.path().string());
    Instance instance;
    instance.running = Daemon{.process = {.pid = kPid, .start_ticks = 500},
                              .namespace_pid = kPid,
                              .started_at = kStart,
                              .root = root};
    instance.configuration =
        *configurations_.get(root, kDefaultFile, openssh::Version(), {});
    history_.judge(instance, "/run/sshd.pid");
    return instance;
  }

  testing::TemporaryDirectory directory_;
  ConfigurationCache configurations_;
  LoadHistory history_;
};

TEST_F(LoadedConfiguration, OlderFilesAreLoaded) {
  const Instance instance = look();
  EXPECT_EQ(instance.loaded_at, kStart);
  EXPECT_EQ(instance.stale, false);
}

TEST_F(LoadedConfiguration, UnwatchedEditIsStaleByTheFilesTime) {
  edit("ClientAliveInterval 5\n", kStart + 1s);
  EXPECT_EQ(look().stale, true);
}

TEST_F(LoadedConfiguration, WatchedEditIsStaleByItsMeaning) {
  EXPECT_EQ(look().stale, false);
  edit("# the same\nclientaliveinterval   5\n", kStart + 1h);
  EXPECT_EQ(look().stale, false);
  edit("ClientAliveInterval 6\n", kStart + 2h);
  EXPECT_EQ(look().stale, true);
  edit("ClientAliveInterval 5\nClientAliveInterval 9\n", kStart + 3h);
  EXPECT_EQ(look().stale, false) << "the second one never acts";
}

// `cp -p` keeps the old time.
TEST_F(LoadedConfiguration, WatchedEditWithAnOldTimeIsStale) {
  look();
  edit("ClientAliveInterval 6\n", kStart - 2h);
  EXPECT_EQ(look().stale, true);
}

TEST_F(LoadedConfiguration, ReloadShowsInThePidFile) {
  write_pid_file("42\n", kStart + 50ms);
  EXPECT_EQ(look().loaded_at, kStart + 50ms);
  edit("ClientAliveInterval 6\n", kStart + 1h);
  EXPECT_EQ(look().stale, true);
  write_pid_file("42\n", kStart + 2h);
  const Instance instance = look();
  EXPECT_EQ(instance.loaded_at, kStart + 2h);
  EXPECT_EQ(instance.stale, false);
}

TEST_F(LoadedConfiguration, PidFileOfAnotherOneDoesNotCount) {
  for (const char* const content : {"43\n", "", "x", "42 43\n"}) {
    write_pid_file(content, kStart + 1h);
    EXPECT_EQ(look().loaded_at, kStart) << content;
  }
}

TEST_F(LoadedConfiguration, RestartForgetsWhatWasWatched) {
  look();
  edit("ClientAliveInterval 6\n", kStart - 1s);
  EXPECT_EQ(look().stale, true);
  history_.forget_unused();
  history_.forget_unused();
  EXPECT_EQ(look().stale, false);
}

TEST_F(LoadedConfiguration, WithoutConfigurationNothingIsSaid) {
  Instance instance;
  instance.running = Daemon{.started_at = kStart};
  history_.judge(instance, "none");
  EXPECT_EQ(instance.loaded_at, kStart);
  EXPECT_FALSE(instance.stale);
}

}  // namespace
}  // namespace ssh_keepalive::sshd_config
