// The commands of a shell's start-up file, without running any: a reading of
// the shells' grammar that goes as far as it takes to find simple commands and
// to tell which of them surely run.
#ifndef SSH_KEEPALIVE_COLLECTORS_SHELL_TIMEOUT_COMMANDS_H_
#define SSH_KEEPALIVE_COLLECTORS_SHELL_TIMEOUT_COMMANDS_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ssh_keepalive::shell_timeout {

struct Word {
  std::string text;  // without quotes; expansions stand in it as written
  // How much of it stands before any quote or backslash.
  std::size_t unquoted_length = std::string::npos;
  bool literal = true;  // false: it has an expansion
};

struct Command {
  std::vector<Word> words;  // at least one; without redirections
  int line = 0;             // from 1 on: that of the first word
  // It may not run, or not in the shell itself: it stands inside a compound
  // command or a function, behind && or ||, in a pipeline, or behind something
  // that was not understood.
  bool conditional = false;
};

// Calls `visit` with each simple command of a script for bash, zsh or ksh until
// it returns false. False: the script was not understood to its end, so it may
// have commands that were not visited.
bool visit_commands(std::string_view text,
                    const std::function<bool(const Command&)>& visit);

// The same for csh and tcsh. Words in parentheses are left out, but for those
// of foreach, which is visited as a command.
bool visit_csh_commands(std::string_view text,
                        const std::function<bool(const Command&)>& visit);

}  // namespace ssh_keepalive::shell_timeout

#endif  // SSH_KEEPALIVE_COLLECTORS_SHELL_TIMEOUT_COMMANDS_H_
