#include "collectors/sysctl/sysctl_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "tests/support.h"

namespace ssh_keepalive::sysctl {
namespace {

constexpr const char* kTime = "net.ipv4.tcp_keepalive_time";

class SysctlFiles : public ::testing::Test {
 protected:
  void write(std::string_view path, std::string_view content) const {
    directory_.write(path, content);
  }

  std::string host_path(const char* path) const {
    return directory_.path().string() + path;
  }

  const FileSetting& read(const char* name = kTime) {
    facts_ = {};
    errors_ =
        collect_files(*HostRoot::open(directory_.path().string()), facts_);
    return *std::ranges::find(facts_.settings, name, &FileSetting::name);
  }

  testing::TemporaryDirectory directory_;
  FileFacts facts_;
  std::vector<Error> errors_;
};

TEST_F(SysctlFiles, NoFile) {
  const FileSetting& setting = read();
  EXPECT_TRUE(setting.known);
  EXPECT_FALSE(setting.source);
  EXPECT_FALSE(setting.value);
  EXPECT_TRUE(errors_.empty());
  EXPECT_EQ(facts_.settings.size(), 7U);
}

TEST_F(SysctlFiles, LastAssignmentOfAllFilesByNameWins) {
  write("/etc/sysctl.d/10-a.conf", "net.ipv4.tcp_keepalive_time = 1\n");
  write("/run/sysctl.d/30-c.conf", "\nnet/ipv4/tcp_keepalive_time=3\n");
  write("/usr/lib/sysctl.d/20-b.conf", "net.ipv4.tcp_keepalive_time = 2\n");
  const FileSetting& setting = read();
  EXPECT_EQ(setting.source, (FileLine{"/run/sysctl.d/30-c.conf", 2}));
  EXPECT_EQ(setting.value, 3);
  EXPECT_TRUE(setting.accepted());
  EXPECT_EQ(setting.shadowed,
            (std::vector<ShadowedLine>{{{"/etc/sysctl.d/10-a.conf", 1},
                                        {"/run/sysctl.d/30-c.conf", 2}},
                                       {{"/usr/lib/sysctl.d/20-b.conf", 1},
                                        {"/run/sysctl.d/30-c.conf", 2}}}));
}

TEST_F(SysctlFiles, SameNameReplacesByDirectory) {
  write("/usr/lib/sysctl.d/50.conf", "net.ipv4.tcp_keepalive_time = 1\n");
  write("/usr/local/lib/sysctl.d/50.conf", "net.ipv4.tcp_keepalive_time = 2\n");
  const FileSetting& setting = read();
  EXPECT_EQ(setting.value, 2);
  EXPECT_EQ(
      setting.shadowed,
      (std::vector<ShadowedLine>{{{"/usr/lib/sysctl.d/50.conf", 1},
                                  {"/usr/local/lib/sysctl.d/50.conf", 0}}}));
}

TEST_F(SysctlFiles, MaskedByNullEmptyFileDanglingLinkOrDirectory) {
  for (const char* name : {"1", "2", "3", "4"}) {
    write(std::string("/usr/lib/sysctl.d/") + name + ".conf",
          "net.ipv4.tcp_keepalive_time = 1\n");
  }
  std::filesystem::create_directories(host_path("/etc/sysctl.d/4.conf"));
  std::filesystem::create_symlink("/dev/null",
                                  host_path("/etc/sysctl.d/1.conf"));
  std::filesystem::create_symlink("/nowhere",
                                  host_path("/etc/sysctl.d/3.conf"));
  write("/etc/sysctl.d/2.conf", "");
  const FileSetting& setting = read();
  EXPECT_TRUE(setting.known);
  EXPECT_FALSE(setting.source);
  EXPECT_EQ(setting.shadowed.size(), 4U);
  EXPECT_TRUE(errors_.empty());
}

TEST_F(SysctlFiles, OtherNamesAreNoFilesOfIt) {
  write("/etc/sysctl.d/README.sysctl", "net.ipv4.tcp_keepalive_time = 1\n");
  write("/etc/sysctl.d/.a.conf", "net.ipv4.tcp_keepalive_time = 2\n");
  write("/etc/sysctl.d/a.conf~", "net.ipv4.tcp_keepalive_time = 3\n");
  EXPECT_FALSE(read().source);
}

TEST_F(SysctlFiles, LibIsReadOnceWhereItIsALinkAndAlsoWhereNot) {
  write("/usr/lib/sysctl.d/1.conf", "net.ipv4.tcp_keepalive_time = 1\n");
  std::filesystem::create_symlink("usr/lib", host_path("/lib"));
  EXPECT_TRUE(read().shadowed.empty());
  std::filesystem::remove(host_path("/lib"));
  write("/lib/sysctl.d/2.conf", "net.ipv4.tcp_keepalive_time = 2\n");
  EXPECT_EQ(read().value, 2);
}

TEST_F(SysctlFiles, PathItselfBeatsGlobsWhereverItStands) {
  write("/etc/sysctl.d/1.conf",
        "net.ipv4.tcp_keepalive_time = 1\nnet.ipv4.tcp_keep* = 2\n");
  EXPECT_EQ(read().value, 1);
  EXPECT_EQ(read().shadowed,
            (std::vector<ShadowedLine>{
                {{"/etc/sysctl.d/1.conf", 2}, {"/etc/sysctl.d/1.conf", 1}}}));
  EXPECT_EQ(read("net.ipv4.tcp_keepalive_intvl").source->line, 2);
}

TEST_F(SysctlFiles, ExclusionKeepsGlobsAway) {
  write("/etc/sysctl.d/1.conf",
        "-net.ipv4.tcp_keepalive_time\nnet.ipv4.tcp_keep* = 2\n");
  EXPECT_TRUE(read().known);
  EXPECT_FALSE(read().source);
  EXPECT_EQ(read().shadowed,
            (std::vector<ShadowedLine>{
                {{"/etc/sysctl.d/1.conf", 2}, {"/etc/sysctl.d/1.conf", 1}}}));
  EXPECT_EQ(read("net.ipv4.tcp_keepalive_probes").value, 2);
}

TEST_F(SysctlFiles, ExclusionUndoesAnEarlierAssignment) {
  write("/etc/sysctl.d/1.conf",
        "net.ipv4.tcp_keepalive_time = 5\n-net.ipv4.tcp_keepalive_time\n");
  EXPECT_FALSE(read().source);
  EXPECT_EQ(read().shadowed.size(), 1U);
  write("/etc/sysctl.d/2.conf", "net.ipv4.tcp_keepalive_time = 6\n");
  EXPECT_EQ(read().value, 6);
}

// A glob that is assigned the same value again stays where it was.
TEST_F(SysctlFiles, GlobsActInTheOrderOfTheirLastChange) {
  write("/etc/sysctl.d/1.conf",
        "net.ipv4.tcp_keep* = 5\nnet.ipv4.tcp_keepalive_t* = 6\n"
        "net.ipv4.tcp_keep* = 5\n");
  EXPECT_EQ(read().value, 6);
  write("/etc/sysctl.d/2.conf", "net.ipv4.tcp_keep* = 7\n");
  EXPECT_EQ(read().value, 7);
}

TEST_F(SysctlFiles, GlobWhoseValueIsRefusedLeavesTheOneBefore) {
  write("/etc/sysctl.d/1.conf",
        "net.ipv4.tcp_keep* = 5\nnet.ipv4.tcp_keepalive_t* = 6x\n");
  EXPECT_EQ(read().value, 5);
}

TEST_F(SysctlFiles, ValueThatTheKernelRefusesHasItsLine) {
  write("/etc/sysctl.d/1.conf",
        "net.ipv4.tcp_keepalive_time = soon\n"
        "net.ipv4.tcp_keepalive_probes = 256\n"
        "net.ipv4.tcp_retries2 = 99999999999999999999\n"
        "net.ipv4.tcp_rto_min_us = 0\n"
        "net.ipv4.tcp_rto_max_ms = 120001\n"
        "net.ipv4.tcp_keepalive_intvl = -1\n");
  EXPECT_EQ(read().source->line, 1);
  EXPECT_FALSE(read().value);
  EXPECT_EQ(read("net.ipv4.tcp_keepalive_probes").value, 256);
  for (const char* name :
       {"net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_retries2",
        "net.ipv4.tcp_rto_min_us", "net.ipv4.tcp_rto_max_ms"}) {
    EXPECT_TRUE(read(name).source) << name;
    EXPECT_FALSE(read(name).accepted()) << name;
  }
  EXPECT_TRUE(read("net.ipv4.tcp_keepalive_intvl").accepted());
}

TEST_F(SysctlFiles, SysctlConfActsOnlyThroughALink) {
  write("/etc/sysctl.conf", "net.ipv4.tcp_keepalive_time = 600\n");
  EXPECT_FALSE(read().source);
  EXPECT_EQ(read().not_read, (std::vector<FileLine>{{"/etc/sysctl.conf", 1}}));
  std::filesystem::create_directories(host_path("/etc/sysctl.d"));
  std::filesystem::create_symlink("../sysctl.conf",
                                  host_path("/etc/sysctl.d/99-sysctl.conf"));
  EXPECT_EQ(read().value, 600);
  EXPECT_EQ(read().source->file, "/etc/sysctl.d/99-sysctl.conf");
  EXPECT_TRUE(read().not_read.empty());
  EXPECT_EQ(facts_.sysctl_conf_link, "/etc/sysctl.d/99-sysctl.conf");
}

TEST_F(SysctlFiles, AbsoluteLinkStaysInsideTheRoot) {
  write("/opt/keepalive", "net.ipv4.tcp_keepalive_time = 600\n");
  std::filesystem::create_directories(host_path("/etc/sysctl.d"));
  std::filesystem::create_symlink("/../../opt/keepalive",
                                  host_path("/etc/sysctl.d/1.conf"));
  EXPECT_EQ(read().value, 600);
}

TEST_F(SysctlFiles, FileThatCannotBeReadIsUnknown) {
  write("/etc/sysctl.d/1.conf", "net.ipv4.tcp_keepalive_time = 1\n");
  std::filesystem::create_directories(host_path("/etc/sysctl.d"));
  ASSERT_EQ(::mkfifo(host_path("/etc/sysctl.d/2.conf").c_str(), 0644), 0);
  EXPECT_FALSE(read().known);
  EXPECT_FALSE(read().source);
  ASSERT_EQ(errors_.size(), 1U);
  EXPECT_EQ(errors_[0].message(),
            "open /etc/sysctl.d/2.conf: not a regular file");
  // What comes later and names the setting decides, whatever is in it.
  write("/etc/sysctl.d/3.conf", "net.ipv4.tcp_* = 3\n");
  EXPECT_FALSE(read().known);
  write("/etc/sysctl.d/4.conf", "net.ipv4.tcp_keepalive_time = 4\n");
  EXPECT_TRUE(read().known);
  EXPECT_EQ(read().value, 4);
  EXPECT_FALSE(read("net.ipv4.tcp_retries2").known);
}

TEST_F(SysctlFiles, FileOrDirectoryThatMayNotBeReadIsUnknown) {
  write("/etc/sysctl.d/1.conf", "net.ipv4.tcp_keepalive_time = 1\n");
  write("/run/sysctl.d/2.conf", "net.ipv4.tcp_keepalive_time = 2\n");
  ASSERT_EQ(::chmod(directory_.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(host_path("/etc/sysctl.d/1.conf").c_str(), 0), 0);
  {
    const testing::AsNobody nobody;
    EXPECT_EQ(read().value, 2);
    ASSERT_EQ(errors_.size(), 1U);
    EXPECT_EQ(errors_[0].kind, ErrorKind::kDenied);
    EXPECT_FALSE(read("net.ipv4.tcp_retries2").known);
  }
  ASSERT_EQ(::chmod(host_path("/etc/sysctl.d").c_str(), 0), 0);
  {
    const testing::AsNobody nobody;
    EXPECT_FALSE(read().known);
    ASSERT_EQ(errors_.size(), 1U);
    EXPECT_EQ(errors_[0].kind, ErrorKind::kDenied);
  }
  ASSERT_EQ(::chmod(host_path("/etc/sysctl.d").c_str(), 0755), 0);
}

TEST_F(SysctlFiles, TooLargeAndTooMany) {
  write("/etc/sysctl.d/1.conf", std::string((1 << 20) + 1, '#'));
  EXPECT_FALSE(read().known);
  EXPECT_EQ(errors_.at(0).kind, ErrorKind::kLimit);
  write("/etc/sysctl.d/1.conf", "");
  EXPECT_TRUE(read().known);
  for (int i = 0; i <= 1024; ++i) {
    write("/etc/sysctl.d/9" + std::to_string(i) + ".conf", "");
  }
  EXPECT_FALSE(read().known);
  EXPECT_EQ(errors_.at(0).kind, ErrorKind::kLimit);
}

TEST_F(SysctlFiles, TooManyLinesOrAlternatives) {
  std::string lines;
  for (int i = 0; i < 11'000; ++i) {
    lines += "*/*/*=" + std::to_string(i) + "\n";
  }
  write("/etc/sysctl.d/1.conf", lines);
  EXPECT_FALSE(read().known);
  EXPECT_EQ(errors_.at(0).kind, ErrorKind::kLimit);
  write("/etc/sysctl.d/1.conf", "#\n*" + std::string(5000, 'x') + "=1\n");
  EXPECT_FALSE(read().known);
  EXPECT_EQ(errors_.at(0).subject, "/etc/sysctl.d/1.conf:2");
}

TEST_F(SysctlFiles, Garbage) {
  write("/etc/sysctl.d/1.conf", std::string("\x80\xff\0=\n=\n-\n[\n*", 11));
  EXPECT_TRUE(read().known);
  EXPECT_FALSE(read().source);
}

}  // namespace
}  // namespace ssh_keepalive::sysctl
