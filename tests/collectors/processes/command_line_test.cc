#include "collectors/processes/command_line.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support.h"

namespace ssh_keepalive::processes {
namespace {

TEST(Arguments, WordsAsTheyWereGiven) {
  const testing::TemporaryDirectory directory;
  directory.write("proc/7/cmdline", std::string_view("ssh\0a b\0\0c\0", 11));
  directory.write("proc/8/cmdline", "no end");
  directory.write("proc/9/cmdline", "");
  directory.write("proc/10/cmdline", std::string(70'000, 'x'));
  const HostRoot root = *HostRoot::open(directory.path().string());
  EXPECT_EQ(*arguments_of(root, 7),
            (std::vector<std::string>{"ssh", "a b", "", "c"}));
  EXPECT_EQ(*arguments_of(root, 8), (std::vector<std::string>{"no end"}));
  EXPECT_TRUE(arguments_of(root, 9)->empty());
  EXPECT_EQ(arguments_of(root, 10).error().kind, ErrorKind::kLimit);
  EXPECT_EQ(arguments_of(root, 11).error().kind, ErrorKind::kAbsent);
}

TEST(ParseCredentials, Fields) {
  const auto credentials = parse_credentials(
      "Name:\tx\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nGroups:\t8 27 \n");
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->real_uid, 1U);
  EXPECT_EQ(credentials->files.uid, 4U);
  EXPECT_EQ(credentials->files.gid, 8U);
  EXPECT_EQ(credentials->files.groups, (std::vector<std::uint32_t>{8, 27}));
}

TEST(ParseCredentials, TruncatedGarbageAndOverflow) {
  for (const std::string_view status :
       {"", "Uid:", "Uid:\t1\t2\t3\t4\n", "Uid:\t1\t2\t3\nGid:\t1\t2\t3\t4\n",
        "Uid:\t1\t2\t3\tx\nGid:\t1\t2\t3\t4\n",
        "Uid:\t1\t2\t3\t99999999999\nGid:\t1\t2\t3\t4\n"}) {
    EXPECT_FALSE(parse_credentials(status)) << status;
  }
}

TEST(Credentials, OfThisProcess) {
  const HostRoot root = HostRoot::live();
  const auto credentials = credentials_of(root, ::getpid());
  ASSERT_TRUE(credentials);
  EXPECT_EQ(credentials->real_uid, ::getuid());
  EXPECT_EQ(credentials->files.uid, ::geteuid());
  EXPECT_EQ(working_directory(root, ::getpid()),
            std::filesystem::current_path().string());
  EXPECT_FALSE(arguments_of(root, ::getpid())->empty());
}

}  // namespace
}  // namespace ssh_keepalive::processes
