#include "collectors/shell_timeout/shell_timeout.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support.h"

namespace ssh_keepalive::shell_timeout {
namespace {

using namespace std::chrono_literals;

// As Debian 12's and RHEL 9's do it.
constexpr const char* kDebianProfile =
    "if [ \"${PS1-}\" ]; then\n"
    "  if [ \"${BASH-}\" ] && [ \"$BASH\" != \"/bin/sh\" ]; then\n"
    "    if [ -f /etc/bash.bashrc ]; then\n      . /etc/bash.bashrc\n    fi\n"
    "  fi\nfi\n"
    "if [ -d /etc/profile.d ]; then\n  for i in /etc/profile.d/*.sh; do\n"
    "    if [ -r $i ]; then\n      . $i\n    fi\n  done\n  unset i\nfi\n";

class ShellTimeout : public ::testing::Test {
 protected:
  void write(std::string_view path, std::string_view content) const {
    directory_.write(path, content);
  }

  Facts read() {
    Facts facts;
    errors_ = collect(*HostRoot::open(directory_.path().string()), facts);
    return facts;
  }

  testing::TemporaryDirectory directory_;
  std::vector<Error> errors_;
};

Limit limit(std::chrono::seconds timeout, const char* file, int line = 1) {
  return {.timeout = timeout, .source = FileLine{.file = file, .line = line}};
}

Limit maybe(Limit known) {
  known.uncertain = true;
  return known;
}

TEST_F(ShellTimeout, NoFileAndStockFiles) {
  EXPECT_EQ(read(), Facts());
  write("/etc/profile", kDebianProfile);
  write("/etc/bash.bashrc", "[ -z \"${PS1-}\" ] && return\n");
  write("/etc/csh.cshrc", "if ($?tcsh && $?prompt) then\nset ignoreeof\nendif");
  EXPECT_EQ(read(), Facts());
  EXPECT_TRUE(errors_.empty());
}

TEST_F(ShellTimeout, ProfileDirectory) {
  write("/etc/profile", kDebianProfile);
  write("/etc/profile.d/50-tmout.sh", "# CIS\ntypeset -xr TMOUT=900\n");
  write("/etc/profile.d/60-late.sh", "TMOUT=60\n");
  write("/etc/profile.d/99-other.csh", "TMOUT=1\n");
  EXPECT_EQ(read().bash, limit(900s, "/etc/profile.d/50-tmout.sh", 2));
  EXPECT_EQ(read().zsh, Limit());
}

TEST_F(ShellTimeout, NobodyReadsTheDirectory) {
  write("/etc/profile.d/tmout.sh", "TMOUT=900\n");
  EXPECT_EQ(read().bash, Limit());
}

TEST_F(ShellTimeout, LaterWinsWhereItActs) {
  const std::string profile =
      "TMOUT=1\n" + std::string(kDebianProfile) + "TMOUT=4\n";
  write("/etc/profile", profile);
  write("/etc/bash.bashrc", "TMOUT=2\n");
  write("/etc/profile.d/a.sh", "TMOUT=3\n");
  EXPECT_EQ(read().bash, limit(4s, "/etc/profile", 17));
  write("/etc/profile", profile.substr(0, profile.size() - 8));
  EXPECT_EQ(read().bash, limit(3s, "/etc/profile.d/a.sh"));
  std::filesystem::remove(directory_.path() / "etc/profile.d/a.sh");
  EXPECT_EQ(read().bash, limit(2s, "/etc/bash.bashrc"));
}

TEST_F(ShellTimeout, Debian13sProfile) {
  write("/etc/profile",
        "for i in $(run-parts --list --regex '\\.sh$' /etc/profile.d); do\n"
        "  . $i\ndone\n");
  write("/etc/profile.d/a.sh", "TMOUT=3\n");
  EXPECT_EQ(read().bash, limit(3s, "/etc/profile.d/a.sh"));
}

TEST_F(ShellTimeout, ConditionalIsUncertain) {
  write("/etc/profile", "TMOUT=900\n[ -n \"$X\" ] && unset TMOUT\n");
  EXPECT_EQ(read().bash, maybe(limit(900s, "/etc/profile")));
  write("/etc/profile", "if [ -n \"$X\" ]; then TMOUT=900; fi\n");
  EXPECT_EQ(read().bash, maybe(limit(900s, "/etc/profile")));
  write("/etc/profile", "if [ -n \"$X\" ]; then TMOUT=900; fi\nTMOUT=0\n");
  EXPECT_EQ(read().bash,
            (Limit{.timeout = std::nullopt,
                   .source = FileLine{.file = "/etc/profile", .line = 2}}));
  write("/etc/profile", "[ -n \"$X\" ] && TMOUT=0\n");
  EXPECT_EQ(read().bash, Limit());
}

TEST_F(ShellTimeout, ComputedIsUncertain) {
  write("/etc/profile", "TMOUT=$((15 * 60))\n");
  EXPECT_EQ(read().bash,
            (Limit{.timeout = std::nullopt,
                   .source = FileLine{.file = "/etc/profile", .line = 1},
                   .uncertain = true}));
}

TEST_F(ShellTimeout, ReadonlyThatMayAct) {
  write("/etc/profile", "if x; then readonly TMOUT=900; fi\nTMOUT=60\n");
  EXPECT_EQ(read().bash, maybe(limit(60s, "/etc/profile", 2)));
}

TEST_F(ShellTimeout, WhatBashrcOfUsersReads) {
  write("/etc/bashrc", "TMOUT=900\n");
  EXPECT_EQ(read().bash, maybe(limit(900s, "/etc/bashrc")));
  write("/etc/profile", "[ -f /etc/bashrc ] && . /etc/bashrc\n");
  EXPECT_EQ(read().bash, limit(900s, "/etc/bashrc"));
}

TEST_F(ShellTimeout, EnvironmentIsUncertain) {
  write("/etc/environment", "TMOUT=\"900\"\n");
  EXPECT_EQ(read().bash, maybe(limit(900s, "/etc/environment")));
  EXPECT_EQ(read().zsh, maybe(limit(900s, "/etc/environment")));
  EXPECT_EQ(read().tcsh, Limit());
}

TEST_F(ShellTimeout, ReturnEndsAFile) {
  write("/etc/profile", "return\nTMOUT=900\n");
  EXPECT_EQ(read().bash, Limit());
}

TEST_F(ShellTimeout, FilesThatReadEachOther) {
  write("/etc/profile", ". /etc/bashrc\nTMOUT=1\n");
  write("/etc/bashrc", ". /etc/profile\n. /etc/bashrc\nTMOUT=2\n");
  EXPECT_EQ(read().bash, limit(1s, "/etc/profile", 2));
}

TEST_F(ShellTimeout, Zsh) {
  write("/etc/zsh/zshenv", "TMOUT=1\n");
  write("/etc/zsh/zshrc", "TMOUT=3\n");
  write("/etc/zsh/zprofile", "TMOUT=2\n");
  EXPECT_EQ(read().zsh, limit(3s, "/etc/zsh/zshrc"));
  EXPECT_EQ(read().bash, Limit());
}

TEST_F(ShellTimeout, ZprofileThatReadsProfile) {
  write("/etc/zprofile",
        "_src_etc_profile()\n{\n  source /etc/profile\n}\n"
        "_src_etc_profile\n");
  write("/etc/profile", "TMOUT=900\n");
  EXPECT_EQ(read().zsh, limit(900s, "/etc/profile"));
}

TEST_F(ShellTimeout, Tcsh) {
  write("/etc/csh.cshrc", "set -r autologout=15\n");
  write("/etc/csh.login", "set autologout=5\n");
  EXPECT_EQ(read().tcsh, limit(15min, "/etc/csh.cshrc"));
  write("/etc/csh.cshrc",
        "foreach i ( /etc/profile.d/*.csh )\nsource $i\nend\n");
  write("/etc/csh.login", "");
  EXPECT_EQ(read().tcsh, Limit());
  write("/etc/profile.d/a.csh", "set autologout = 10\n");
  write("/etc/profile.d/a.sh", "set autologout = 20\n");
  EXPECT_EQ(read().tcsh, limit(10min, "/etc/profile.d/a.csh"));
}

TEST(LoginShells, ByTheNameOfTheProgram) {
  EXPECT_EQ(login_shell_of("/bin/bash"), LoginShell::kBash);
  EXPECT_EQ(login_shell_of("/usr/bin/ksh93"), LoginShell::kBash);
  EXPECT_EQ(login_shell_of("zsh"), LoginShell::kZsh);
  EXPECT_EQ(login_shell_of("/bin/tcsh"), LoginShell::kTcsh);
  for (const char* unknown : {"", "/bin/sh"}) {
    EXPECT_EQ(login_shell_of(unknown), LoginShell::kUnknown) << unknown;
  }
  for (const char* other :
       {"/usr/sbin/nologin", "/usr/bin/fish", "/bin/dash", "/", "bash/"}) {
    EXPECT_EQ(login_shell_of(other), LoginShell::kOther) << other;
  }
}

TEST_F(ShellTimeout, NotUnderstoodIsUncertain) {
  write("/etc/profile", "echo 'never closed\nTMOUT=900\n");
  EXPECT_EQ(read().bash, maybe(Limit()));
  write("/etc/profile", "echo 'never closed\n");
  EXPECT_EQ(read().bash, Limit());
}

TEST_F(ShellTimeout, WhatCannotBeReadIsUncertain) {
  write("/etc/environment", std::string(2 << 20, '#'));
  EXPECT_EQ(read().bash, maybe(Limit()));
  ASSERT_EQ(errors_.size(), 1U);
  EXPECT_EQ(errors_.front().kind, ErrorKind::kLimit);
}

}  // namespace
}  // namespace ssh_keepalive::shell_timeout
