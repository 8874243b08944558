#include "collectors/openssh_syntax/include.h"

#include <gtest/gtest.h>

#include "collectors/base/directory.h"
#include "tests/support.h"

namespace ssh_keepalive::openssh {
namespace {

using Paths = std::vector<std::string>;

class ExpandInclude : public ::testing::Test {
 protected:
  Paths expand(std::string_view pattern) {
    const auto paths =
        expand_include(*HostRoot::open(directory_.path().string()), pattern);
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
  const auto paths =
      expand_include(*HostRoot::open(directory_.path().string()), "/d/*");
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
