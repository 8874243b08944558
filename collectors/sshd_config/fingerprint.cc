#include "collectors/sshd_config/fingerprint.h"

#include <set>
#include <string_view>

#include "collectors/openssh_syntax/include.h"

namespace ssh_keepalive::sshd_config {
namespace {

// Of which the first one in a block wins, and that alone.
bool first_wins(Keyword keyword) {
  switch (keyword) {
    case Keyword::kTcpKeepAlive:
    case Keyword::kClientAliveInterval:
    case Keyword::kClientAliveCountMax:
    case Keyword::kLoginGraceTime:
    case Keyword::kChannelTimeout:
    case Keyword::kPidFile:
      return true;
    default:
      return false;
  }
}

class Walk {
 public:
  explicit Walk(const Document& document) : document_(document) {}

  using Block = std::set<Keyword>;  // what it has set so far

  void run(const File& file, Block& around, int depth) {
    Block own;
    Block* block = &around;
    for (const Line& line : file.lines) {
      const Keyword keyword =
          line.keyword ? line.keyword->keyword : Keyword::kOther;
      if (keyword == Keyword::kInclude && line.arguments) {
        for (const std::string& argument : *line.arguments) {
          include(include_pattern(argument), *block, depth);
        }
        continue;
      }
      if (keyword == Keyword::kMatch) {
        own.clear();
        block = &own;
      } else if (first_wins(keyword) && !block->insert(keyword).second) {
        continue;
      }
      add(line.keyword ? line.keyword->name : "?");
      if (line.arguments && keyword != Keyword::kMatch) {
        for (const std::string& argument : *line.arguments) {
          add(argument);
        }
      } else {
        add(line.rest);
      }
      add("\n");
    }
    if (block == &own) {
      add("end");  // a block ends with its file
    }
  }

  [[nodiscard]] std::uint64_t hash() const { return hash_; }

 private:
  void include(const std::string& pattern, Block& block, int depth) {
    const auto paths = document_.patterns.find(pattern);
    if (depth == openssh::kMaxIncludeDepth ||
        paths == document_.patterns.end() || !paths->second.ok()) {
      return;
    }
    for (const std::string& path : *paths->second) {
      const auto file = document_.included.find(path);
      if (file != document_.included.end() && file->second.ok() &&
          ++inclusions_ <= openssh::kMaxIncludedFiles) {
        run(**file->second, block, depth + 1);
      }
    }
  }

  // FNV-1a, with a NUL byte behind each text.
  void add(std::string_view text) {
    constexpr std::uint64_t kPrime = 1099511628211U;
    for (const char c : text) {
      hash_ = (hash_ ^ static_cast<unsigned char>(c)) * kPrime;
    }
    hash_ *= kPrime;
  }

  const Document& document_;
  std::size_t inclusions_ = 0;
  std::uint64_t hash_ = 14695981039346656037U;
};

}  // namespace

std::uint64_t fingerprint(const Document& document) {
  Walk walk(document);
  Walk::Block globals;
  walk.run(document.command_line, globals, 0);
  walk.run(*document.main, globals, 0);
  return walk.hash();
}

}  // namespace ssh_keepalive::sshd_config
