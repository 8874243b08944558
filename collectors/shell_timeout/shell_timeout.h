// After what time at the prompt the shells log a user out: TMOUT of bash and
// zsh (and of ksh, which reads bash's /etc/profile), autologout of tcsh. Only
// the system's start-up files are read, and nothing in them is ever run, so
// this is the best guess: what users set for themselves is not known.
#ifndef SSH_KEEPALIVE_COLLECTORS_SHELL_TIMEOUT_SHELL_TIMEOUT_H_
#define SSH_KEEPALIVE_COLLECTORS_SHELL_TIMEOUT_SHELL_TIMEOUT_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/file_line.h"
#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/shell_timeout/change.h"

namespace ssh_keepalive::shell_timeout {

struct Limit {
  // Over 0. Nothing: no limit is set, or none whose value can be told.
  std::optional<std::chrono::seconds> timeout;
  // The line that sets it, or that may or takes it back; nothing where no line
  // is about it.
  std::optional<FileLine> source;
  // The line may not act, or other lines may, or its value is computed, or a
  // file could not be read.
  bool uncertain = false;

  bool operator==(const Limit&) const = default;
};

// Which start-up files a user's login shell reads.
enum class LoginShell : std::uint8_t {
  kUnknown,
  kBash,  // and ksh
  kZsh,
  kTcsh,
  kOther,  // none of these: dash, fish, nologin
};

// `login_shell`: a path as in passwd(5); empty means /bin/sh. What sh is, this
// cannot tell.
LoginShell login_shell_of(std::string_view login_shell);

struct Facts {
  Limit bash;
  Limit zsh;
  Limit tcsh;

  bool operator==(const Facts&) const = default;
};

// The limit of one shell while its files are followed line by line.
class Follower {
 public:
  // The next line that changes it. `conditional`: it may not run. Later ones
  // win, but for the value that one before has protected.
  void apply(const Change& change, bool conditional, const FileLine& at);

  // Something may have changed it that was not read or not understood.
  void doubt() { limit_.uncertain = true; }

  [[nodiscard]] const Limit& limit() const { return limit_; }

 private:
  Limit limit_;
  bool protected_ = false;
  bool may_be_protected_ = false;
};

// Reads, under `root` and as login shells do: /etc/environment (uncertain, as
// pam_env(8) need not be in use), /etc/profile with what it names of
// /etc/profile.d/*.sh, /etc/bash.bashrc and /etc/bashrc; zshenv, zprofile,
// zshrc and zlogin of /etc/zsh and /etc; /etc/csh.cshrc and /etc/csh.login with
// /etc/profile.d/*.csh, and /etc/tcsh.cshrc. That a file names another is taken
// for reading it, and a "return" or "exit" that may not run for one that does
// not: both are so in the files that distributions ship. A missing file is no
// error.
std::vector<Error> collect(const HostRoot& root, Facts& facts);

}  // namespace ssh_keepalive::shell_timeout

#endif  // SSH_KEEPALIVE_COLLECTORS_SHELL_TIMEOUT_SHELL_TIMEOUT_H_
