#include "collectors/base/user_rights.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "collectors/base/file.h"
#include "tests/support.h"

namespace ssh_keepalive {
namespace {

constexpr std::uint32_t kSomebody = 4711;
constexpr std::uint32_t kTheirGroup = 4712;
constexpr std::uint32_t kSharedGroup = 4713;

UserIdentity somebody() {
  return {.uid = kSomebody, .gid = kTheirGroup, .groups = {kSharedGroup}};
}

// A line of the calling thread's status, without its name; proc(5).
std::string status_of_thread(const std::string& name) {
  std::ifstream file("/proc/thread-self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name + ":")) {
      return line.substr(name.size() + 1);
    }
  }
  return "";
}

std::string last_word(const std::string& text) {
  std::istringstream words(text);
  std::string word;
  while (words >> word) {
  }
  return word;
}

// The rights to files of the calling thread.
std::string rights() {
  return last_word(status_of_thread("Uid")) + " " +
         last_word(status_of_thread("Gid")) + " [" +
         last_word(status_of_thread("Groups")) + "] " +
         last_word(status_of_thread("CapEff"));
}

TEST(UserRights, ThoseOfTheUserOnOneThreadOnly) {
  const std::string before = rights();
  std::string inside;
  std::string on_another_thread;
  const Result<void> done = with_rights_of(somebody(), [&] {
    inside = rights();
    EXPECT_EQ(last_word(status_of_thread("CapPrm")), "0000000000000000");
  });
  std::thread([&] { on_another_thread = rights(); }).join();
  EXPECT_EQ(rights(), before);
  EXPECT_EQ(on_another_thread, before);
  if (::geteuid() == 0) {
    ASSERT_TRUE(done.ok()) << done.error().message();
    EXPECT_EQ(inside, "4711 4712 [4713] 0000000000000000");
  } else {
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().kind, ErrorKind::kDenied);
  }
}

TEST(UserRights, WithoutPrivilegeSomebodyElseIsDenied) {
  const testing::AsNobody nobody;
  bool called = false;
  const Result<void> done = with_rights_of(somebody(), [&] { called = true; });
  EXPECT_FALSE(called);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().message(),
            "take the rights of uid 4711: Operation not permitted");
  EXPECT_EQ(done.error().kind, ErrorKind::kDenied);
}

TEST(UserRights, OwnUserNeedsNoPrivilegeAndKeepsNone) {
  const testing::AsNobody nobody;
  std::string effective;
  std::string permitted;
  const Result<void> done =
      with_rights_of({.uid = ::geteuid(), .gid = ::getegid()}, [&] {
        effective = last_word(status_of_thread("CapEff"));
        permitted = last_word(status_of_thread("CapPrm"));
      });
  EXPECT_TRUE(done.ok());
  EXPECT_EQ(effective, "0000000000000000");
  EXPECT_EQ(permitted, "0000000000000000");
}

TEST(UserRights, WhatIsThrownArrives) {
  const testing::AsNobody nobody;
  EXPECT_THROW(static_cast<void>(with_rights_of(
                   {.uid = ::geteuid(), .gid = ::getegid()},
                   [] { throw std::runtime_error("no memory"); })),
               std::runtime_error);
}

// As root of a host whose user has links to the files of others.
TEST(UserRights, FilesAreThoseOfTheUser) {
  const testing::TemporaryDirectory directory;
  const HostRoot root = *HostRoot::open(directory.path().string());
  directory.write("secret", "x");
  directory.write("shared", "y");
  std::filesystem::create_symlink("/secret", directory.path() / "link");
  const auto path = [&directory](const char* name) {
    return (directory.path() / name).string();
  };
  ASSERT_EQ(::chmod(directory.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(path("secret").c_str(), 0600), 0);
  ASSERT_EQ(::chmod(path("shared").c_str(), 0640), 0);
  if (::geteuid() != 0) {
    EXPECT_FALSE(with_rights_of(somebody(), [] {}).ok());
    return;
  }
  ASSERT_EQ(::chown(path("shared").c_str(), 0, kSharedGroup), 0);
  const Result<void> done = with_rights_of(somebody(), [&root] {
    for (const char* name : {"/secret", "/link"}) {
      const Result<File> file = read_file(root, name);
      ASSERT_FALSE(file.ok()) << name;
      EXPECT_EQ(file.error().kind, ErrorKind::kDenied);
    }
    EXPECT_TRUE(read_file(root, "/shared").ok());
  });
  EXPECT_TRUE(done.ok());
  EXPECT_TRUE(read_file(root, "/link").ok());
}

}  // namespace
}  // namespace ssh_keepalive
