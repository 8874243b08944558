#include "collectors/sshd_config/match_blocks.h"

#include <string>
#include <utility>

#include "collectors/openssh_syntax/include.h"
#include "collectors/openssh_syntax/values.h"

namespace ssh_keepalive::sshd_config {
namespace {

class Walk {
 public:
  explicit Walk(const Document& document) : document_(document) {}

  void run(const File& file, const std::vector<const Line*>& around,
           int depth) {
    std::size_t block = kNone;
    std::vector<const Line*> conditions = around;
    for (const Line& line : file.lines) {
      const Keyword keyword =
          line.keyword ? line.keyword->keyword : Keyword::kOther;
      if (keyword == Keyword::kMatch) {
        conditions = around;
        conditions.push_back(&line);
        block = kNone;
      } else if (keyword == Keyword::kInclude && line.arguments) {
        include(line, conditions, depth);
        // What follows comes behind what the included files say.
        block = kNone;
      } else if (!conditions.empty() && line.arguments &&
                 !line.arguments->empty()) {
        set(line, keyword, conditions, block);
      }
    }
  }

  std::vector<MatchBlock> take() { return std::move(blocks_); }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};

  void include(const Line& line, const std::vector<const Line*>& conditions,
               int depth) {
    if (depth == openssh::kMaxIncludeDepth) {
      return;
    }
    for (const std::string& argument : *line.arguments) {
      const auto paths = document_.patterns.find(include_pattern(argument));
      if (paths == document_.patterns.end() || !paths->second.ok()) {
        continue;
      }
      for (const std::string& path : *paths->second) {
        const auto file = document_.included.find(path);
        if (file != document_.included.end() && file->second.ok() &&
            ++inclusions_ <= openssh::kMaxIncludedFiles) {
          run(**file->second, conditions, depth + 1);
        }
      }
    }
  }

  void set(const Line& line, Keyword keyword,
           const std::vector<const Line*>& conditions, std::size_t& block) {
    const std::string& argument = line.arguments->front();
    std::optional<int> MatchBlock::*place = nullptr;
    std::optional<int> value;
    if (keyword == Keyword::kClientAliveInterval) {
      place = &MatchBlock::interval_seconds;
      value = openssh::parse_time(argument, document_.version.release);
    } else if (keyword == Keyword::kClientAliveCountMax) {
      place = &MatchBlock::count_max;
      value = openssh::parse_count(argument);
    }
    if (!value) {
      return;
    }
    if (block == kNone) {
      block = blocks_.size();
      blocks_.push_back({.conditions = conditions});
    }
    if (!(blocks_.at(block).*place)) {
      blocks_.at(block).*place = value;
    }
  }

  const Document& document_;
  std::size_t inclusions_ = 0;
  std::vector<MatchBlock> blocks_;
};

}  // namespace

std::vector<MatchBlock> client_alive_blocks(const Document& document) {
  Walk walk(document);
  walk.run(*document.main, {}, 0);
  return walk.take();
}

}  // namespace ssh_keepalive::sshd_config
