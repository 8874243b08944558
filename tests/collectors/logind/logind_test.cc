#include "collectors/logind/logind.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support.h"

namespace ssh_keepalive::logind {
namespace {

using namespace std::chrono_literals;

constexpr const char* kMain = "/etc/systemd/logind.conf";

class Logind : public ::testing::Test {
 protected:
  void write(std::string_view path, std::string_view value) const {
    directory_.write(
        path, "[Login]\nStopIdleSessionSec=" + std::string(value) + "\n");
  }

  void link(const std::string& path, const char* target) const {
    const std::filesystem::path link = directory_.path().string() + path;
    std::filesystem::create_directories(link.parent_path());
    std::filesystem::create_symlink(target, link);
  }

  Facts read() {
    Facts facts;
    errors_ = collect(*HostRoot::open(directory_.path().string()), facts);
    return facts;
  }

  testing::TemporaryDirectory directory_;
  std::vector<Error> errors_;
};

constexpr Facts kNever{.known = true};

Facts set(std::chrono::microseconds timeout, const char* file) {
  return {.known = true,
          .stop_idle_session = timeout,
          .source = FileLine{.file = file, .line = 2}};
}

TEST_F(Logind, NoFileAndStockFile) {
  EXPECT_EQ(read(), kNever);
  directory_.write(kMain, "[Login]\n#StopIdleSessionSec=infinity\n");
  EXPECT_EQ(read(), kNever);
  EXPECT_TRUE(errors_.empty());
}

TEST_F(Logind, FirstMainFileCounts) {
  write("/usr/lib/systemd/logind.conf", "1");
  EXPECT_EQ(read(), set(1s, "/usr/lib/systemd/logind.conf"));
  write("/usr/local/lib/systemd/logind.conf", "2");
  EXPECT_EQ(read(), set(2s, "/usr/local/lib/systemd/logind.conf"));
  write("/run/systemd/logind.conf", "3");
  EXPECT_EQ(read(), set(3s, "/run/systemd/logind.conf"));
  directory_.write(kMain, "");
  EXPECT_EQ(read(), kNever);
  EXPECT_TRUE(errors_.empty());
}

TEST_F(Logind, DropInsWinByName) {
  write(kMain, "1h");
  write("/etc/systemd/logind.conf.d/10-a.conf", "10min");
  write("/run/systemd/logind.conf.d/30-c.conf", "30min");
  write("/usr/lib/systemd/logind.conf.d/20-b.conf", "20min");
  EXPECT_EQ(read(), set(30min, "/run/systemd/logind.conf.d/30-c.conf"));
}

TEST_F(Logind, SameNameReplacesAndMasks) {
  write("/usr/lib/systemd/logind.conf.d/50.conf", "1");
  write("/usr/local/lib/systemd/logind.conf.d/50.conf", "2");
  EXPECT_EQ(read(), set(2s, "/usr/local/lib/systemd/logind.conf.d/50.conf"));
  link("/run/systemd/logind.conf.d/50.conf", "/dev/null");
  EXPECT_EQ(read(), kNever);
  directory_.write("/etc/systemd/logind.conf.d/50.conf", "");
  EXPECT_EQ(read(), kNever);
  EXPECT_TRUE(errors_.empty());
}

TEST_F(Logind, InfinityAndZeroAreNever) {
  write(kMain, "900");
  for (const char* value : {"infinity", "0"}) {
    write("/etc/systemd/logind.conf.d/never.conf", value);
    const Facts facts = read();
    EXPECT_FALSE(facts.stop_idle_session);
    EXPECT_EQ(facts.source,
              (FileLine{"/etc/systemd/logind.conf.d/never.conf", 2}));
  }
}

TEST_F(Logind, WhatSystemdRefusesChangesNothing) {
  write(kMain, "900");
  for (const char* value : {"", "-1", "soon", "99999999999999999999"}) {
    write("/etc/systemd/logind.conf.d/1.conf", value);
    EXPECT_EQ(read(), set(900s, kMain)) << value;
    ASSERT_EQ(errors_.size(), 1U);
    EXPECT_EQ(errors_.front().kind, ErrorKind::kInvalid);
    EXPECT_EQ(errors_.front().subject, "/etc/systemd/logind.conf.d/1.conf:2");
    EXPECT_EQ(errors_.front().reason.find("soon"), std::string::npos);
  }
}

TEST_F(Logind, BrokenHeaderEndsAllReading) {
  directory_.write(kMain, "[Login]\nStopIdleSessionSec=60\n[Login\n");
  write("/etc/systemd/logind.conf.d/1.conf", "30");
  EXPECT_EQ(read(), set(60s, kMain));
  ASSERT_EQ(errors_.size(), 1U);
  EXPECT_EQ(errors_.front().subject, "/etc/systemd/logind.conf:3");
}

TEST_F(Logind, UnreadableFileIsUnknownUnlessALaterOneDecides) {
  write(kMain, "900");
  directory_.write("/etc/systemd/logind.conf.d/5.conf",
                   std::string(2 << 20, '#'));
  EXPECT_EQ(read(), Facts());
  ASSERT_EQ(errors_.size(), 1U);
  EXPECT_EQ(errors_.front().kind, ErrorKind::kLimit);
  write("/etc/systemd/logind.conf.d/6.conf", "60");
  EXPECT_EQ(read(), set(60s, "/etc/systemd/logind.conf.d/6.conf"));
}

TEST_F(Logind, OnlySystemdsThatHaveIt) {
  write(kMain, "900");
  const auto install = [this](const std::string& version) {
    directory_.write("/var/lib/dpkg/status",
                     "Package: systemd\nStatus: install ok installed\n"
                     "Version: " +
                         version + "\n\n");
  };
  install("252.38-1~deb12u1");
  EXPECT_FALSE(read().ignored);
  install("247.3-7+deb11u7");
  EXPECT_TRUE(read().ignored);
  EXPECT_EQ(read().source, (FileLine{kMain, 2}));
}

TEST(HasStopIdleSession, Versions) {
  for (const char* version : {"252.38-1~deb12u1", "252~rc1-1", "255.4-1ubuntu8",
                              "1:257-1", "252", "", "x", "99999999999"}) {
    EXPECT_TRUE(has_stop_idle_session(version)) << version;
  }
  for (const char* version : {"247.3-7+deb11u7", "249.11-0ubuntu3", "251+x"}) {
    EXPECT_FALSE(has_stop_idle_session(version)) << version;
  }
}

TEST(ApplyLogindFile, ManyRefusedLines) {
  std::string text = "[Login]\n";
  for (int i = 0; i < 10'000; ++i) {
    text += "StopIdleSessionSec=x\n";
  }
  Facts facts;
  EXPECT_EQ(apply_file(text, "/x", facts).errors.size(), 16U);
  EXPECT_EQ(facts, Facts());
}

}  // namespace
}  // namespace ssh_keepalive::logind
