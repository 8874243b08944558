#include <sys/stat.h>

#include "tests/collectors/ssh_config/support.h"

namespace ssh_keepalive::ssh_config {
namespace {

class SshInclude : public SshConfigTest {
 protected:
  [[nodiscard]] std::string on_disk(std::string_view path) const {
    return directory_.path().string() + std::string(path);
  }

  void chmod(std::string_view path, mode_t mode) const {
    ASSERT_EQ(::chmod(on_disk(path).c_str(), mode), 0);
  }
};

TEST_F(SshInclude, IsExpandedInPlace) {
  write("/etc/x", "ServerAliveInterval 5\n");
  const Evaluation evaluation =
      evaluate_text("Include /etc/x\nServerAliveInterval 6\n");
  EXPECT_EQ(evaluation.number(Keyword::kServerAliveInterval), 5);
  EXPECT_EQ(evaluation.find(Keyword::kServerAliveInterval)->source,
            (Location{"/etc/x", 1}));
  EXPECT_EQ(evaluation.shadowed.at(0).at, (Location{kFile, 2}));
}

TEST_F(SshInclude, RelativePathsDependOnTheFile) {
  write("/home/alice/.ssh/x", "ServerAliveInterval 5\n");
  write("/etc/ssh/x", "ServerAliveInterval 6\n");
  EXPECT_EQ(value("Include x\n"), "5");
  request_.files = {{kSystemFile, FileRole::kSystem}};
  write(kSystemFile, "Include x\n");
  EXPECT_EQ(evaluate_files().number(Keyword::kServerAliveInterval), 6);
}

TEST_F(SshInclude, Tilde) {
  write("/home/alice/x", "ServerAliveInterval 5\n");
  write("/srv/bob/x", "ServerAliveInterval 6\n");
  write("/etc/passwd", "bob:x:1002:1002::/srv/bob:/bin/sh\n");
  EXPECT_EQ(value("Include ~/x\n"), "5");
  EXPECT_EQ(value("Include ~bob/x\n"), "6");
  EXPECT_EQ(value("Include ~nobody/x\n"), "0");
  request_.files = {{kSystemFile, FileRole::kSystem}};
  write(kSystemFile, "Include ~/x\n");
  EXPECT_EQ(evaluate_files().refusals.at(0).reason,
            "Include: a system file may not use ~");
}

TEST_F(SshInclude, GlobsAreSortedAndMayMatchNothing) {
  write("/etc/d/20.conf", "ServerAliveInterval 20\n");
  write("/etc/d/10.conf", "ServerAliveInterval 10\n");
  EXPECT_EQ(value("Include /etc/d/*.conf\n"), "10");
  EXPECT_EQ(value("Include /etc/d/20.conf /etc/d/10.conf\n"), "20");
  EXPECT_EQ(value("Include /etc/absent/* /etc/absent\n"), "0");
}

TEST_F(SshInclude, InABlockIsConditional) {
  write("/etc/x", "ServerAliveInterval 5\nHost *\nServerAliveInterval 6\n");
  EXPECT_EQ(value("Host beta\nInclude /etc/x\n"), "0");
  EXPECT_EQ(value("Host alpha\nInclude /etc/x\n"), "5");
}

TEST_F(SshInclude, BlocksInsideDoNotLeakOut) {
  write("/etc/x", "Host beta\n");
  EXPECT_EQ(value("Include /etc/x\nServerAliveInterval 6\n"), "6");
  EXPECT_EQ(value("Host beta\nInclude /etc/y\nServerAliveInterval 6\n"), "0");
}

TEST_F(SshInclude, ErrorsInsideCountEvenInABlockThatDoesNotMatch) {
  write("/etc/x", "\nBogus 1\n");
  EXPECT_EQ(refusal("Host beta\nInclude /etc/x\n"),
            "/etc/x:2: unknown keyword");
}

TEST_F(SshInclude, LoopsEndAtDepth16) {
  EXPECT_EQ(refusal(std::string("Include ") + kFile + "\n"),
            "/home/alice/.ssh/config:1: Include: nested deeper than 16 files");
  for (int i = 1; i <= 17; ++i) {
    write("/etc/" + std::to_string(i),
          "Include /etc/" + std::to_string(i + 1) + "\n");
  }
  write("/etc/17", "ServerAliveInterval 5\n");
  EXPECT_EQ(value("Include /etc/2\n"), "5");
  EXPECT_EQ(value("Include /etc/1\n"), "refused");
}

TEST_F(SshInclude, ManyFilesAreALimit) {
  write("/etc/x", "Include /etc/y /etc/y /etc/y /etc/y /etc/y /etc/y\n");
  write("/etc/y", "Include /etc/z /etc/z /etc/z /etc/z /etc/z /etc/z\n");
  write("/etc/z", "Include /etc/e /etc/e /etc/e /etc/e /etc/e /etc/e\n");
  write("/etc/e", "");
  write(kFile, "Include /etc/x /etc/x /etc/x /etc/x /etc/x\n");
  const Result<Evaluation> evaluation = try_evaluate();
  ASSERT_FALSE(evaluation.ok());
  EXPECT_EQ(evaluation.error().kind, ErrorKind::kLimit);
}

TEST_F(SshInclude, OwnersAndPermissions) {
  write("/etc/x", "ServerAliveInterval 5\n");
  chmod("/etc/x", 0666);
  EXPECT_EQ(refusal("Include /etc/x\n"), "/etc/x:0: bad owner or permissions");
  chmod("/etc/x", 0644);
  EXPECT_EQ(value("Include /etc/x\n"), "5");
  // A named file itself is not looked at, a user's own is.
  chmod(kFile, 0666);
  EXPECT_EQ(evaluate_files().number(Keyword::kServerAliveInterval), 5);
  request_.files = {{kFile, FileRole::kUser}};
  EXPECT_EQ(evaluate_files().refusals.size(), 1U);
}

TEST_F(SshInclude, DebianLetsAPrivateGroupWrite) {
  const std::string uid = std::to_string(::getuid());
  const std::string gid = std::to_string(::getgid());
  write("/etc/passwd", "alice:x:" + uid + ":" + gid + "::/:/bin/sh\n");
  write("/etc/group", "alice:x:" + gid + ":\n");
  write("/etc/x", "ServerAliveInterval 5\n");
  chmod("/etc/x", 0664);
  EXPECT_EQ(value("Include /etc/x\n"), "5");
  write("/etc/group", "alice:x:" + gid + ":alice\n");
  EXPECT_EQ(value("Include /etc/x\n"), "5");
  write("/etc/group", "alice:x:" + gid + ":alice,bob\n");
  EXPECT_EQ(value("Include /etc/x\n"), "refused");
  write("/etc/group", "alice:x:" + gid + ":\n");
  write("/etc/passwd", "alice:x:" + uid + ":" + gid +
                           "::/:/bin/sh\nbob:x:60001:" + gid + "::/:/bin/sh\n");
  EXPECT_EQ(value("Include /etc/x\n"), "refused");
  write("/etc/passwd", "alice:x:" + uid + ":" + gid + "::/:/bin/sh\n");
  version_.debian = false;
  EXPECT_EQ(value("Include /etc/x\n"), "refused");
}

TEST_F(SshInclude, DirectoryIsEmptyAndADanglingLinkIsNothing) {
  write("/etc/d/x", "ServerAliveInterval 5\n");
  EXPECT_EQ(value("Include /etc/d\n"), "0");
  ASSERT_EQ(::symlink("nowhere", on_disk("/etc/link").c_str()), 0);
  EXPECT_EQ(value("Include /etc/link\n"), "0");
}

TEST_F(SshInclude, FifoDeviceAndLinkLoopAreErrors) {
  write("/etc/x", "");
  ASSERT_EQ(::mkfifo(on_disk("/etc/fifo").c_str(), 0600), 0);
  ASSERT_EQ(::symlink("loop", on_disk("/etc/loop").c_str()), 0);
  for (const char* path : {"/etc/fifo", "/etc/loop"}) {
    write(kFile, std::string("Include ") + path + "\n");
    const Result<Evaluation> evaluation = try_evaluate();
    ASSERT_FALSE(evaluation.ok()) << path;
    EXPECT_NE(evaluation.error().message().find(path), std::string::npos);
  }
}

TEST_F(SshInclude, LinksStayUnderTheRoot) {
  write("/etc/x", "ServerAliveInterval 5\n");
  ASSERT_EQ(::symlink("/../../etc/x", on_disk("/etc/link").c_str()), 0);
  EXPECT_EQ(value("Include /etc/link\n"), "5");
  EXPECT_EQ(value("Include /../../../etc/x\n"), "5");
}

TEST_F(SshInclude, TokensFrom99) {
  write("/etc/alpha.conf", "ServerAliveInterval 5\n");
  write("/etc/%h.conf", "ServerAliveInterval 6\n");
  EXPECT_EQ(value("Include /etc/%h.conf\n"), "6");
  version_.release = {9, 9};
  EXPECT_EQ(value("Include /etc/%h.conf\n"), "5");
  EXPECT_EQ(value("Include /etc/%%h.conf\n"), "6");
  EXPECT_EQ(evaluate_text("Include /etc/${HOME}.conf\n").notes.size(), 1U);
}

}  // namespace
}  // namespace ssh_keepalive::ssh_config
