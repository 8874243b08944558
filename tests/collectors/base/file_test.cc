#include "collectors/base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support.h"

namespace ssh_keepalive {
namespace {

class ReadFile : public ::testing::Test {
 protected:
  Result<File> read(std::string_view path,
                    std::size_t max_bytes = kMaxFileBytes) {
    return read_file(*HostRoot::open(directory_.path().string()), path,
                     max_bytes);
  }

  ErrorKind error_kind(std::string_view path,
                       std::size_t max_bytes = kMaxFileBytes) {
    const Result<File> file = read(path, max_bytes);
    EXPECT_FALSE(file.ok());
    return file.ok() ? ErrorKind::kFailed : file.error().kind;
  }

  testing::TemporaryDirectory directory_;
};

TEST_F(ReadFile, WholeContentAndIdentity) {
  directory_.write("etc/a", std::string("x\0y\n", 4));
  const Result<File> file = read("/etc/a");
  ASSERT_TRUE(file.ok()) << file.error().message();
  EXPECT_EQ(file->bytes, std::string("x\0y\n", 4));
  EXPECT_EQ(file->identity.size_bytes, 4U);
  EXPECT_EQ(file->identity.owner, ::geteuid());
  EXPECT_EQ(
      *identify_file(*HostRoot::open(directory_.path().string()), "/etc/a"),
      file->identity);
}

TEST_F(ReadFile, EmptyFile) {
  directory_.write("empty", "");
  EXPECT_EQ(read("/empty")->bytes, "");
}

TEST_F(ReadFile, SizeLimitIsExact) {
  directory_.write("ten", "0123456789");
  EXPECT_EQ(read("/ten", 10)->bytes, "0123456789");
  EXPECT_EQ(error_kind("/ten", 9), ErrorKind::kLimit);
}

TEST_F(ReadFile, OneMebibyteIsTheDefaultLimit) {
  directory_.write("large", std::string(kMaxFileBytes + 1, 'x'));
  EXPECT_EQ(error_kind("/large"), ErrorKind::kLimit);
}

TEST_F(ReadFile, FilesThatReportNoSizeAreReadToTheirEnd) {
  const Result<File> file = read_file(HostRoot::live(), "/proc/self/status");
  ASSERT_TRUE(file.ok()) << file.error().message();
  EXPECT_NE(file->bytes.find("VmRSS"), std::string::npos);
}

TEST_F(ReadFile, MissingFileIsAbsent) {
  EXPECT_EQ(error_kind("/nowhere"), ErrorKind::kAbsent);
  EXPECT_EQ(error_kind("/no/where"), ErrorKind::kAbsent);
}

TEST_F(ReadFile, FifoDirectoryAndDeviceAreRefusedAtOnce) {
  const std::filesystem::path fifo = directory_.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(error_kind("/fifo"), ErrorKind::kInvalid);
  EXPECT_EQ(error_kind("/"), ErrorKind::kInvalid);
  EXPECT_EQ(read_file(HostRoot::live(), "/dev/zero").error().kind,
            ErrorKind::kInvalid);
}

TEST_F(ReadFile, SymlinkLoopIsInvalid) {
  std::filesystem::create_symlink("/loop", directory_.path() / "loop");
  EXPECT_EQ(error_kind("/loop"), ErrorKind::kInvalid);
}

TEST_F(ReadFile, NulInThePathIsInvalid) {
  EXPECT_EQ(error_kind(std::string_view("/a\0b", 4)), ErrorKind::kInvalid);
}

}  // namespace
}  // namespace ssh_keepalive
