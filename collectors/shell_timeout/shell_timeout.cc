#include "collectors/shell_timeout/shell_timeout.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <span>
#include <utility>

#include "collectors/base/directory.h"
#include "collectors/base/file.h"
#include "collectors/shell_timeout/commands.h"

namespace ssh_keepalive::shell_timeout {
namespace {

constexpr std::size_t kMaxFiles = 1024;  // of /etc/profile.d
constexpr std::size_t kMaxTotalBytes = std::size_t{16} << 20;

struct Shell {
  bool (*visit)(std::string_view text,
                const std::function<bool(const Command&)>& visit);
  std::optional<Change> (*change_of)(const Command& command);
  std::string_view variable;
  std::string_view extension;  // of its files in /etc/profile.d
};

constexpr Shell kTmoutShell = {visit_commands, tmout_change, "TMOUT", ".sh"};
constexpr Shell kCshShell = {visit_csh_commands, autologout_change,
                             "autologout", ".csh"};

constexpr std::string_view kEnvironment = "/etc/environment";
constexpr std::string_view kProfileDirectory = "/etc/profile.d";
constexpr std::array<std::string_view, 2> kBashFiles = {"/etc/bash.bashrc",
                                                        "/etc/bashrc"};
// In the order in which a login shell reads them. Debian has the former.
constexpr std::array<std::string_view, 8> kZshFiles = {
    "/etc/zsh/zshenv", "/etc/zshenv", "/etc/zsh/zprofile", "/etc/zprofile",
    "/etc/zsh/zshrc",  "/etc/zshrc",  "/etc/zsh/zlogin",   "/etc/zlogin"};
constexpr std::array<std::string_view, 3> kCshFiles = {
    "/etc/csh.cshrc", "/etc/csh.login", "/etc/tcsh.cshrc"};
// What other files may read, by its path.
constexpr std::array<std::string_view, 3> kNamed = {
    "/etc/profile", "/etc/bash.bashrc", "/etc/bashrc"};

// Whether a command that reads files or loops over them names that path itself,
// and not one that it is the start of.
bool names(const Command& command, std::string_view path) {
  constexpr std::array<std::string_view, 3> kTests = {"[", "test", "[["};
  if (std::ranges::find(kTests, command.words.front().text) != kTests.end()) {
    return false;
  }
  return std::ranges::any_of(command.words, [path](const Word& word) {
    const std::size_t at = word.text.find(path);
    return at != std::string::npos &&
           word.text.substr(at + path.size()).find_first_not_of(" )\"'") ==
               std::string::npos;
  });
}

bool names_profile_directory(const Command& command) {
  return std::ranges::any_of(command.words, [](const Word& word) {
    return word.text.find(kProfileDirectory) != std::string::npos;
  });
}

class Walk {
 public:
  Walk(const HostRoot& root, const Shell& shell, std::vector<Error>& errors)
      : root_(root), shell_(shell), errors_(errors) {}

  // Follows a file, and at the command that names them the files that it
  // reads, each once. All lines of an `optional` one may or may not act.
  void follow(const std::string& path, bool optional = false) {
    if (!followed_.insert(path).second) {
      return;
    }
    Result<File> file = read_file(root_, path);
    if (!file.ok()) {
      if (file.error().kind != ErrorKind::kAbsent) {
        give_up(std::move(file).error());
      }
      return;
    }
    total_bytes_ += file->bytes.size();
    if (total_bytes_ > kMaxTotalBytes) {
      give_up({.kind = ErrorKind::kLimit,
               .attempted = "read",
               .subject = path,
               .reason = "the shells' files are too large together"});
      return;
    }
    const bool understood = shell_.visit(
        file->bytes,
        [&](const Command& command) { return take(command, path, optional); });
    if (!understood && file->bytes.find(shell_.variable) != std::string::npos) {
      follower_.doubt();
    }
  }

  [[nodiscard]] const Limit& limit() const { return follower_.limit(); }

 private:
  // False: the file ends here.
  bool take(const Command& command, const std::string& path, bool optional) {
    if (command.words.front().text == "return" ||
        command.words.front().text == "exit") {
      return command.conditional;
    }
    const FileLine at{.file = path, .line = command.line};
    if (const auto change = shell_.change_of(command)) {
      follower_.apply(*change, optional || command.conditional, at);
    } else if (names_profile_directory(command)) {
      follow_profile_directory();
    } else {
      for (const std::string_view named : kNamed) {
        if (names(command, named)) {
          follow(std::string(named));
        }
      }
    }
    return true;
  }

  void follow_profile_directory() {
    if (!followed_.insert(std::string(kProfileDirectory)).second) {
      return;
    }
    const Result<std::vector<std::string>> names =
        list_directory(root_, kProfileDirectory, kMaxFiles);
    if (!names.ok()) {
      if (names.error().kind != ErrorKind::kAbsent) {
        give_up(names.error());
      }
      return;
    }
    for (const std::string& name : *names) {
      if (name.ends_with(shell_.extension) && !name.starts_with('.')) {
        std::string path(kProfileDirectory);
        path.append("/").append(name);
        follow(path);
      }
    }
  }

  void give_up(Error error) {
    follower_.doubt();
    // Several shells may read the same file.
    if (std::ranges::find(errors_, error) == errors_.end()) {
      errors_.push_back(std::move(error));
    }
  }

  const HostRoot& root_;
  const Shell& shell_;
  std::vector<Error>& errors_;
  Follower follower_;
  std::set<std::string> followed_;
  std::size_t total_bytes_ = 0;
};

}  // namespace

void Follower::apply(const Change& change, bool conditional,
                     const FileLine& at) {
  if (protected_) {
    return;
  }
  const bool ends = change.value == std::chrono::seconds(0);
  if (change.assigns && conditional && ends) {
    // It may take back what there is.
    limit_.uncertain = limit_.uncertain || limit_.timeout.has_value();
  } else if (change.assigns) {
    limit_.timeout = ends ? std::nullopt : change.value;
    limit_.source = at;
    limit_.uncertain = conditional || !change.value || may_be_protected_;
  }
  if (change.protects) {
    protected_ = !conditional;
    may_be_protected_ = true;
  }
}

std::vector<Error> collect(const HostRoot& root, Facts& facts) {
  facts = {};
  std::vector<Error> errors;
  Walk bash(root, kTmoutShell, errors);
  bash.follow(std::string(kEnvironment), true);
  bash.follow("/etc/profile");
  for (const std::string_view path : kBashFiles) {
    // Which /etc/profile does not read: a user's own ~/.bashrc may.
    bash.follow(std::string(path), true);
  }
  facts.bash = bash.limit();

  Walk zsh(root, kTmoutShell, errors);
  zsh.follow(std::string(kEnvironment), true);
  for (const std::string_view path : kZshFiles) {
    zsh.follow(std::string(path));
  }
  facts.zsh = zsh.limit();

  Walk tcsh(root, kCshShell, errors);
  for (const std::string_view path : kCshFiles) {
    tcsh.follow(std::string(path));
  }
  facts.tcsh = tcsh.limit();
  return errors;
}

LoginShell login_shell_of(std::string_view login_shell) {
  struct Row {
    std::string_view name;
    LoginShell shell;
  };
  static constexpr auto kRows =
      std::to_array<Row>({{"bash", LoginShell::kBash},
                          {"csh", LoginShell::kTcsh},
                          {"ksh", LoginShell::kBash},
                          {"ksh93", LoginShell::kBash},
                          {"mksh", LoginShell::kBash},
                          {"rbash", LoginShell::kBash},
                          {"rzsh", LoginShell::kZsh},
                          {"sh", LoginShell::kUnknown},
                          {"tcsh", LoginShell::kTcsh},
                          {"zsh", LoginShell::kZsh}});
  if (login_shell.empty()) {
    return LoginShell::kUnknown;
  }
  const std::string_view name =
      login_shell.substr(login_shell.find_last_of('/') + 1);
  const auto* const row = std::ranges::find(kRows, name, &Row::name);
  return row == kRows.end() ? LoginShell::kOther : row->shell;
}

}  // namespace ssh_keepalive::shell_timeout
