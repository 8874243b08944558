#include "collectors/ssh_config/live_client.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "collectors/ssh_config/client_command.h"
#include "tests/support.h"

namespace ssh_keepalive::ssh_config {
namespace {

// A recorded host on which an ssh of this test's own user runs.
class LiveClientTest : public ::testing::Test {
 protected:
  static constexpr int kPid = 42;

  LiveClientTest() {
    const std::string uid = std::to_string(::geteuid());
    directory_.write("etc/passwd",
                     "alice:x:" + uid + ":" + uid + "::/home/alice:/bin/sh\n");
    directory_.write("home/alice/.ssh/config",
                     "Host alpha\n"
                     "  ServerAliveInterval 9\n"
                     "Match exec \"some thing\"\n"
                     "  TCPKeepAlive no\n");
    directory_.write("etc/ssh/ssh_config",
                     "ServerAliveCountMax 7\nControlPersist 5m\n");
    const std::string ids = uid + "\t" + uid + "\t" + uid + "\t" + uid + "\n";
    directory_.write("proc/42/status", "Name:\tssh\nUid:\t" + ids + "Gid:\t" +
                                           ids + "Groups:\t \n");
    start(4321);
  }

  void start(std::uint64_t ticks) {
    process_ = {
        .pid = kPid, .parent_pid = 1, .name = "ssh", .start_ticks = ticks};
    directory_.write("proc/42/stat",
                     "42 (ssh) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " +
                         std::to_string(ticks) + " 0 0\n");
  }

  void run(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) {
      line += word + '\0';
    }
    directory_.write("proc/42/cmdline", line);
  }

  const Result<LiveClient>& look() {
    return clients_.find(*HostRoot::open(directory_.path().string()), process_);
  }

  // Of a process that has this command line.
  Result<LiveClient> look_at(const std::vector<std::string>& words) {
    run(words);
    start(process_.start_ticks + 1);
    return look();
  }

  std::string reason(const std::vector<std::string>& words) {
    const Result<LiveClient> client = look_at(words);
    return client.ok() ? "" : client.error().reason;
  }

  testing::TemporaryDirectory directory_;
  processes::Process process_;
  LiveClients clients_;
};

const FileLine kOption{std::string(kCommandLine), 0};

TEST_F(LiveClientTest, OptionsOnTopOfTheFiles) {
  const auto client = look_at({"ssh", "-oServerAliveCountMax=2", "alpha"});
  ASSERT_TRUE(client.ok()) << client.error().message();
  EXPECT_EQ(client->server_alive_interval_seconds.value, 9);
  EXPECT_EQ(client->server_alive_interval_seconds.source,
            (FileLine{"/home/alice/.ssh/config", 2}));
  EXPECT_EQ(client->server_alive_count_max.value, 2);
  EXPECT_EQ(client->server_alive_count_max.source, kOption);
  EXPECT_FALSE(client->tcp_keepalive.value);
  EXPECT_EQ(client->tcp_keepalive.reason,
            "/home/alice/.ssh/config:3: Match exec is never executed");
  EXPECT_EQ(client->proxied, (Setting<bool>{.value = false}));
  EXPECT_EQ(client->control_persist.value,
            (ControlPersist{.enabled = true, .seconds = 300}));
  EXPECT_EQ(client->control_persist.source,
            (FileLine{"/etc/ssh/ssh_config", 2}));
  EXPECT_EQ(client->session, SessionKind::kShell);
  EXPECT_TRUE(client->channel_timeouts.value);
}

TEST_F(LiveClientTest, AnotherFileReplacesBoth) {
  directory_.write("etc/work", "ServerAliveInterval 4\nBatchMode yes\n");
  const auto client =
      look_at({"ssh", "-TJ", "jump", "-F/etc/work", "alpha", "ls"});
  ASSERT_TRUE(client.ok()) << client.error().message();
  EXPECT_EQ(client->server_alive_interval_seconds.value, 4);
  EXPECT_EQ(client->server_alive_count_max.value, 3);
  EXPECT_EQ(client->server_alive_count_max.source, std::nullopt);
  EXPECT_EQ(client->proxied, (Setting<bool>{.value = true, .source = kOption}));
  EXPECT_EQ(client->session, SessionKind::kCommand);
  EXPECT_EQ(reason({"ssh", "-F/etc/none", "alpha"}),
            "No such file or directory");
}

TEST_F(LiveClientTest, NoFileAndWhatBatchModeImplies) {
  const auto client =
      look_at({"ssh", "-F", "None", "-oBatchMode=yes", "-N", "alpha"});
  ASSERT_TRUE(client.ok()) << client.error().message();
  EXPECT_EQ(client->server_alive_interval_seconds,
            (Setting<std::int64_t>{.value = 300, .source = kOption}));
  EXPECT_TRUE(client->interval_is_implied);
  EXPECT_EQ(client->session, SessionKind::kNone);
}

TEST_F(LiveClientTest, ChannelTimeoutsFromNineSixOn) {
  directory_.write("var/lib/dpkg/status",
                   "Package: openssh-client\nStatus: install ok installed\n"
                   "Version: 1:10.0p1-7+deb13u4\n\n");
  const auto client = look_at(
      {"ssh", "-o", "ChannelTimeout session=5m *=1h", "-s", "alpha", "sftp"});
  ASSERT_TRUE(client.ok()) << client.error().message();
  EXPECT_EQ(
      client->channel_timeouts.value,
      (std::vector<openssh::ChannelTimeout>{{"session", 300}, {"*", 3600}}));
  EXPECT_EQ(client->session, SessionKind::kSubsystem);
  EXPECT_EQ(client->version.text, "1:10.0p1-7+deb13u4");
}

TEST_F(LiveClientTest, OutdatedOnceItsFilesSaySomethingElse) {
  const auto start =
      std::chrono::steady_clock::time_point(std::chrono::hours(1));
  const auto after = [&](std::chrono::seconds time) {
    clients_.refresh(start + time);
    const Result<LiveClient>& client = look();
    EXPECT_EQ(client->server_alive_interval_seconds.value, 9)
        << "it keeps what it has read";
    return client->outdated;
  };
  clients_.refresh(start);
  run({"ssh", "-oServerAliveCountMax=2", "alpha"});
  EXPECT_EQ(look()->outdated, false);
  const auto write = [this](const std::string& interval) {
    directory_.write("home/alice/.ssh/config",
                     "Host alpha\n  ServerAliveInterval " + interval +
                         "\nMatch exec \"some thing\"\n  TCPKeepAlive no\n");
  };
  write("10");
  EXPECT_EQ(after(LiveClients::kCheckAfter / 2), false) << "not looked at yet";
  EXPECT_EQ(after(LiveClients::kCheckAfter), true);
  write("9 # as before");
  directory_.write("etc/ssh/ssh_config",
                   "ServerAliveCountMax 8\nControlPersist 5m\n");
  EXPECT_EQ(after(LiveClients::kCheckAfter * 2), false)
      << "the command line decides the count";
  write("bogus");
  EXPECT_EQ(after(LiveClients::kCheckAfter * 3), std::nullopt);
}

TEST_F(LiveClientTest, WhatCannotBeKnown) {
  EXPECT_EQ(reason({"ssh: /run/alpha [mux]", ""}),
            "a master that stays for ControlPersist has written its socket's "
            "name over its command line");
  EXPECT_EQ(reason({}), "its command line is none that ssh takes");
  EXPECT_EQ(reason({"ssh", "--bogus"}),
            "its command line is none that ssh takes");
  EXPECT_EQ(reason({"ssh", "-oServerAliveInterval=secret", "alpha"}),
            "ssh would refuse the client's command line: invalid time");
  EXPECT_EQ(reason({"ssh", "-oHost *", "alpha"}),
            "ssh would refuse the client's command line: not for a command "
            "line");
  EXPECT_EQ(reason({"ssh", "-F", "relative", "alpha"}),
            "the folder that -F starts from is not known");
  EXPECT_EQ(reason({"ssh", "-F", "/dev/fd/63", "alpha"}),
            "-F names a file that only the process itself has");
  EXPECT_EQ(reason({"ssh", "-F", "/proc/self/fd/3", "alpha"}),
            "-F names a file that only the process itself has");
  directory_.write("etc/passwd", "");
  EXPECT_EQ(reason({"ssh", "alpha"}), "its user is not in /etc/passwd");
  EXPECT_EQ(reason({"ssh", "-Fnone", "alpha"}), "");
}

TEST_F(LiveClientTest, AFileOfAnyKindIsRead) {
  directory_.write("etc/binary", std::string_view("\0\xff\n\x01 x\n", 7));
  EXPECT_NE(reason({"ssh", "-F/etc/binary", "alpha"}), "");
  EXPECT_EQ(reason({"ssh", "-F/etc", "alpha"}), "");  // ssh reads nothing
  EXPECT_NE(reason({"ssh", "-F/etc/passwd", "alpha"}).find("unknown keyword"),
            std::string::npos);
}

TEST_F(LiveClientTest, AProcessIsLookedAtOnce) {
  ASSERT_EQ(look_at({"ssh", "alpha"})->server_alive_interval_seconds.value, 9);
  directory_.write("home/alice/.ssh/config", "ServerAliveInterval 1\n");
  clients_.refresh();
  EXPECT_EQ(look()->server_alive_interval_seconds.value, 9);
  clients_.refresh();
  EXPECT_EQ(look()->server_alive_interval_seconds.value, 9);
  // Nobody asks during one look: then it is forgotten.
  clients_.refresh();
  clients_.refresh();
  EXPECT_EQ(look()->server_alive_interval_seconds.value, 1);
}

TEST_F(LiveClientTest, AnotherProcessOfThatPid) {
  run({"ssh", "alpha"});
  ++process_.start_ticks;
  const Result<LiveClient>& client = look();
  ASSERT_FALSE(client.ok());
  EXPECT_EQ(client.error().kind, ErrorKind::kAbsent);
}

}  // namespace
}  // namespace ssh_keepalive::ssh_config
