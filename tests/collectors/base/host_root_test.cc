#include "collectors/base/host_root.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "collectors/base/file.h"
#include "tests/support.h"

namespace ssh_keepalive {
namespace {

TEST(HostRoot, SlashIsTheLiveHost) {
  const Result<HostRoot> root = HostRoot::open("/");
  ASSERT_TRUE(root.ok());
  EXPECT_TRUE(root->is_live());
  EXPECT_TRUE(root->has_running_kernel());
}

TEST(HostRoot, MissingDirectoryIsAbsent) {
  EXPECT_EQ(HostRoot::open("/no/such/root").error().kind, ErrorKind::kAbsent);
}

TEST(HostRoot, FileIsNoRoot) {
  EXPECT_FALSE(HostRoot::open("/etc/passwd").ok());
}

TEST(HostRoot, ResolvesAbsoluteLinksAndDotDotInside) {
  const testing::TemporaryDirectory directory;
  directory.write("etc/passwd", "inside");
  std::filesystem::create_symlink("/etc/passwd", directory.path() / "absolute");
  std::filesystem::create_symlink("../../../../../../etc/passwd",
                                  directory.path() / "relative");
  const HostRoot root = *HostRoot::open(directory.path().string());
  EXPECT_EQ(read_file(root, "/absolute")->bytes, "inside");
  EXPECT_EQ(read_file(root, "/relative")->bytes, "inside");
  EXPECT_EQ(read_file(root, "/../../etc/passwd")->bytes, "inside");
}

TEST(HostRoot, OrdinaryTreeHasNoRunningKernel) {
  const testing::TemporaryDirectory directory;
  directory.write("proc/sys/net/ipv4/tcp_retries2", "15\n");
  EXPECT_FALSE(HostRoot::open(directory.path().string())->has_running_kernel());
}

}  // namespace
}  // namespace ssh_keepalive
