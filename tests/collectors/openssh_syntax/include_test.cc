#include "collectors/openssh_syntax/include.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "collectors/base/directory.h"
#include "tests/support.h"

namespace ssh_keepalive::openssh {
namespace {

using Paths = std::vector<std::string>;

class ExpandInclude : public ::testing::Test {
 protected:
  Result<Paths> try_to_expand(std::string_view pattern,
                              DeniedDirectory denied) {
    IncludeSearch search;
    return expand_include(*HostRoot::open(directory_.path().string()), pattern,
                          denied, search);
  }

  Paths expand(std::string_view pattern) {
    const auto paths = try_to_expand(pattern, DeniedDirectory::kUnknown);
    EXPECT_TRUE(paths.ok());
    return paths.ok() ? *paths : Paths();
  }

  testing::TemporaryDirectory directory_;
};

TEST_F(ExpandInclude, SortedAndWithoutHiddenFiles) {
  for (const char* name : {"b.conf", "a.conf", ".c.conf", "B.conf", "d.txt"}) {
    directory_.write(std::string("etc/d/") + name, "");
  }
  EXPECT_EQ(expand("/etc/d/*.conf"),
            (Paths{"/etc/d/B.conf", "/etc/d/a.conf", "/etc/d/b.conf"}));
  EXPECT_EQ(expand("/etc/d/[ab].conf"),
            (Paths{"/etc/d/a.conf", "/etc/d/b.conf"}));
  EXPECT_EQ(expand("/etc/*/d.txt"), (Paths{"/etc/d/d.txt"}));
  EXPECT_EQ(expand("/*/?/.c*"), (Paths{"/etc/d/.c.conf"}));
}

TEST_F(ExpandInclude, NoMatchIsNoError) {
  EXPECT_EQ(expand("/etc/ssh/none/*.conf"), Paths{});
  EXPECT_EQ(expand("/etc/none"), Paths{});
}

TEST_F(ExpandInclude, TooManyFilesAreAnError) {
  for (std::size_t i = 0; i <= kMaxIncludedFiles; ++i) {
    directory_.write("d/" + std::to_string(i), "");
  }
  const auto paths = try_to_expand("/d/*", DeniedDirectory::kUnknown);
  ASSERT_FALSE(paths.ok());
  EXPECT_EQ(paths.error().kind, ErrorKind::kLimit);
}

TEST_F(ExpandInclude, DirectoryThatMayNotBeLookedInto) {
  for (const char* name : {"d/1/x", "d/2/x", "d/3/x"}) {
    directory_.write(name, "");
  }
  const std::filesystem::path closed = directory_.path() / "d/2";
  ASSERT_EQ(::chmod(directory_.path().c_str(), 0755), 0);
  ASSERT_EQ(::chmod(closed.c_str(), 0), 0);
  {
    const testing::AsNobody nobody;
    for (const char* pattern : {"/d/*/*", "/d/*/x", "/d/2/x"}) {
      const auto unknown = try_to_expand(pattern, DeniedDirectory::kUnknown);
      ASSERT_FALSE(unknown.ok()) << pattern;
      EXPECT_EQ(unknown.error().kind, ErrorKind::kDenied);
    }
    EXPECT_EQ(*try_to_expand("/d/*/*", DeniedDirectory::kNoEntries),
              (Paths{"/d/1/x", "/d/3/x"}));
    EXPECT_EQ(*try_to_expand("/d/*/x", DeniedDirectory::kNoEntries),
              (Paths{"/d/1/x", "/d/3/x"}));
    EXPECT_EQ(*try_to_expand("/d/2/x", DeniedDirectory::kNoEntries), Paths{});
  }
  ASSERT_EQ(::chmod(closed.c_str(), 0755), 0);
}

TEST_F(ExpandInclude, SearchesOnlySoFar) {
  for (int i = 0; i < 30; ++i) {
    directory_.write("d/" + std::to_string(i), "");
  }
  const HostRoot root = *HostRoot::open(directory_.path().string());
  IncludeSearch search{.steps_left = 100};
  const auto expand_it = [&] {
    return expand_include(root, "/d/*x", DeniedDirectory::kUnknown, search);
  };
  EXPECT_TRUE(expand_it().ok());
  EXPECT_TRUE(expand_it().ok());
  const auto paths = expand_it();
  ASSERT_FALSE(paths.ok());
  EXPECT_EQ(paths.error().kind, ErrorKind::kLimit);
}

TEST_F(ExpandInclude, PatternLongerThanAPath) {
  std::string pattern = "/";
  for (int i = 0; i < 3000; ++i) {
    pattern += "./";
  }
  const auto paths = try_to_expand(pattern + "*", DeniedDirectory::kUnknown);
  ASSERT_FALSE(paths.ok());
  EXPECT_EQ(paths.error().kind, ErrorKind::kLimit);
}

TEST_F(ExpandInclude, DirectoryLimit) {
  directory_.write("d/1", "");
  directory_.write("d/2", "");
  const HostRoot root = *HostRoot::open(directory_.path().string());
  EXPECT_EQ(list_directory(root, "/d", 2)->size(), 2U);
  EXPECT_EQ(list_directory(root, "/d", 1).error().kind, ErrorKind::kLimit);
  EXPECT_EQ(list_directory(root, "/x").error().kind, ErrorKind::kAbsent);
}

}  // namespace
}  // namespace ssh_keepalive::openssh
