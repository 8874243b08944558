#include "collectors/sysctl/boot_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support.h"

namespace ssh_keepalive::sysctl {
namespace {

constexpr const char* kTime = "net/ipv4/tcp_keepalive_time";

class BootSettings : public ::testing::Test {
 protected:
  BootFiles read() {
    return read_boot_files(*HostRoot::open(host_.path().string()));
  }

  BootSetting setting() { return boot_setting(read(), kTime); }

  // "FILE:LINE=VALUE" of the acting line; empty where none acts.
  std::string acting() {
    const BootSetting found = setting();
    if (!found.place) {
      return "";
    }
    return found.place->file + ":" + std::to_string(found.place->line) + "=" +
           (found.value ? std::to_string(*found.value) : "refused");
  }

  testing::TemporaryDirectory host_;
};

TEST_F(BootSettings, WithoutFilesNothingIsSet) {
  EXPECT_EQ(setting(), BootSetting());
  host_.write("etc/sysctl.d/a.conf", "# net.ipv4.tcp_keepalive_time = 1\n;x\n");
  EXPECT_EQ(setting(), BootSetting());
}

TEST_F(BootSettings, FormsOfALine) {
  for (const char* const line :
       {"net.ipv4.tcp_keepalive_time=5", " net.ipv4.tcp_keepalive_time = 5 ",
        "net/ipv4/tcp_keepalive_time = 5", "-net.ipv4.tcp_keepalive_time=5",
        "/net/ipv4//tcp_keepalive_time=5", "net.ipv4.tcp_keepalive_time=0x5",
        "net.ipv4.tcp_keepalive_time=05", "net.ipv4.tcp_keepalive_time=5 # x",
        "net.ipv4.tcp_keepalive_*=5", "net.ipv4.tcp_keepalive_time=5\r"}) {
    host_.write("etc/sysctl.d/a.conf", std::string("\n") + line + "\n");
    EXPECT_EQ(acting(), "/etc/sysctl.d/a.conf:2=5") << line;
  }
}

TEST_F(BootSettings, LinesThatMeanNothing) {
  for (const char* const line :
       {"net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_keepalive_time 5",
        "tcp_keepalive_time=5", "net.ipv4/tcp_keepalive_time=5", "=5", "-",
        "net.ipv4.conf.*=5", "\xff\xfe=\x01"}) {
    host_.write("etc/sysctl.d/a.conf", line);
    EXPECT_EQ(acting(), "") << line;
  }
}

TEST_F(BootSettings, ValuesThatTheKernelRefuses) {
  for (const char* const value :
       {"", "x", "5x", "99999999999999999999", "2147483648", "0x", "5#"}) {
    host_.write("etc/sysctl.d/a.conf",
                std::string("net.ipv4.tcp_keepalive_time=") + value);
    EXPECT_EQ(acting(), "/etc/sysctl.d/a.conf:1=refused") << value;
  }
}

TEST_F(BootSettings, FilesByNameAndTheLastLineWins) {
  host_.write("usr/lib/sysctl.d/50-b.conf", "net.ipv4.tcp_keepalive_time=1\n");
  host_.write("etc/sysctl.d/10-a.conf", "net.ipv4.tcp_keepalive_time=2\n");
  host_.write("run/sysctl.d/99-c.conf",
              "net.ipv4.tcp_keepalive_time=3\nnet.ipv4.tcp_keepalive_time=4\n");
  EXPECT_EQ(acting(), "/run/sysctl.d/99-c.conf:2=4");
  EXPECT_EQ(setting().shadowed.size(), 3U);
}

TEST_F(BootSettings, SameNameInAHigherDirectoryHides) {
  host_.write("usr/lib/sysctl.d/a.conf", "net.ipv4.tcp_keepalive_time=1\n");
  host_.write("etc/sysctl.d/a.conf", "net.ipv4.tcp_keepalive_intvl=2\n");
  EXPECT_EQ(acting(), "");
  host_.write("etc/sysctl.d/a.conf", "");
  EXPECT_EQ(acting(), "");
}

TEST_F(BootSettings, OtherNamesAreNoConfiguration) {
  host_.write("etc/sysctl.d/a.conf~", "net.ipv4.tcp_keepalive_time=1\n");
  host_.write("etc/sysctl.d/.a.conf", "net.ipv4.tcp_keepalive_time=1\n");
  host_.write("etc/sysctl.d/README", "net.ipv4.tcp_keepalive_time=1\n");
  EXPECT_EQ(acting(), "");
}

TEST_F(BootSettings, NameBeatsPatternWhereverItStands) {
  host_.write("etc/sysctl.d/a.conf",
              "net.ipv4.tcp_keepalive_time=1\nnet.ipv4.tcp_*=2\n");
  EXPECT_EQ(acting(), "/etc/sysctl.d/a.conf:1=1");
}

TEST_F(BootSettings, LastPatternWins) {
  host_.write("etc/sysctl.d/a.conf", "net.ipv4.*=1\nnet.*.tcp_keep*=2\n");
  EXPECT_EQ(acting(), "/etc/sysctl.d/a.conf:2=2");
}

TEST_F(BootSettings, PatternThatTheKernelRefusesChangesNothing) {
  host_.write("etc/sysctl.d/a.conf", "net.ipv4.*=1\nnet.*.tcp_keep*=x\n");
  EXPECT_EQ(acting(), "/etc/sysctl.d/a.conf:1=1");
  host_.write("etc/sysctl.d/a.conf", "net.ipv4.*=x\nnet.*.tcp_keep*=1\n");
  EXPECT_EQ(acting(), "/etc/sysctl.d/a.conf:2=1");
}

TEST_F(BootSettings, ExclusionKeepsPatternsOut) {
  host_.write("etc/sysctl.d/a.conf",
              "net.ipv4.tcp_*=2\n-net.ipv4.tcp_keepalive_time\n");
  EXPECT_EQ(acting(), "");
  EXPECT_EQ(setting().shadowed.size(), 1U);
}

TEST_F(BootSettings, SaidAgainTheEarlierLineCounts) {
  host_.write("etc/sysctl.d/a.conf",
              "net.ipv4.tcp_keepalive_time=1\nnet.ipv4.tcp_keepalive_time=1\n");
  EXPECT_EQ(acting(), "/etc/sysctl.d/a.conf:1=1");
}

TEST_F(BootSettings, OldFileIsReadThroughItsLinkOnly) {
  host_.write("etc/sysctl.conf", "net.ipv4.tcp_keepalive_time=1\n");
  EXPECT_EQ(acting(), "");
  EXPECT_EQ(setting().not_read, (Place{"/etc/sysctl.conf", 1}));
  std::filesystem::create_directories(host_.path() / "etc/sysctl.d");
  std::filesystem::create_symlink("../sysctl.conf",
                                  host_.path() / "etc/sysctl.d/99-sysctl.conf");
  EXPECT_EQ(acting(), "/etc/sysctl.d/99-sysctl.conf:1=1");
  EXPECT_FALSE(setting().not_read);
}

TEST_F(BootSettings, FileThatCannotBeReadIsAnError) {
  std::filesystem::create_directories(host_.path() / "etc/sysctl.d/a.conf");
  host_.write("etc/sysctl.d/a.conf/x", "");
  EXPECT_EQ(read().errors.size(), 1U);
  std::filesystem::remove_all(host_.path() / "etc/sysctl.d/a.conf");
  std::filesystem::create_symlink("nowhere",
                                  host_.path() / "etc/sysctl.d/a.conf");
  EXPECT_TRUE(read().errors.empty());
}

}  // namespace
}  // namespace ssh_keepalive::sysctl
