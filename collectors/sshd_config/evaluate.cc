#include "collectors/sshd_config/evaluate.h"

#include <algorithm>
#include <map>
#include <utility>

#include "collectors/openssh_syntax/include.h"
#include "collectors/openssh_syntax/words.h"
#include "collectors/sshd_config/directives.h"
#include "collectors/sshd_config/effective.h"
#include "collectors/sshd_config/listen.h"

namespace ssh_keepalive::sshd_config {
namespace {

// What Include has found so far, by pattern. sshd looks into the file system
// once for a pattern and then keeps to what it found, also while it is still
// reading what it found: a file that includes its own pattern sees those before
// it only, in the first pass.
using Found = std::map<std::string, std::vector<std::string>, std::less<>>;

// One pass over all files, as sshd makes two: the first without a connection
// sets what stands before Match blocks, the second sets what blocks say that
// match the connection.
class Pass {
 public:
  Pass(const Document& document, const Connection* connection, Found& found)
      : document_(document),
        connection_(connection),
        found_(found),
        active_(connection == nullptr) {}

  void run() {
    if (connection_ == nullptr) {
      for (const int port : document_.ports) {
        settings_.ports.push_back(
            {port, Source{document_.command_line.path, 0}});
      }
      settings_.ports_are_final = !document_.ports.empty();
      run(document_.command_line, {});
    }
    if (!refusal_ && !unknown_) {
      run(*document_.main, {.match_only = connection_ != nullptr});
    }
  }

  std::vector<Conditional>& conditional() { return conditional_; }
  [[nodiscard]] const std::optional<Refusal>& refusal() const {
    return refusal_;
  }
  [[nodiscard]] const std::optional<Error>& unknown() const { return unknown_; }
  Settings& settings() { return settings_; }

 private:
  struct Place {
    // No Match line has been met yet, and only blocks are wanted.
    bool match_only = false;
    // The file is included where no block matches: it is only checked.
    bool never_match = false;
    int depth = 0;
  };

  void run(const File& file, Place place) {
    for (const Line& line : file.lines) {
      source_.file = file.path;  // keeps its memory
      source_.line = line.number;
      const Keyword keyword =
          line.keyword ? line.keyword->keyword : Keyword::kOther;
      if (line.refusal) {
        refuse(*line.refusal);
      } else if (keyword == Keyword::kMatch) {
        match(line, place.never_match);
        place.match_only = false;
      } else if (keyword == Keyword::kInclude) {
        include(line, place);
      } else {
        apply(line);
      }
      if (refusal_ || unknown_) {
        return;
      }
    }
  }

  void refuse(std::string reason) {
    refusal_ = Refusal{.source = source_, .reason = std::move(reason)};
  }

  void match(const Line& line, bool never_match) {
    const auto verdict = match_line(line, document_.version, document_.services,
                                    never_match ? nullptr : connection_);
    if (const auto* const reason = std::get_if<std::string>(&verdict)) {
      refuse(*reason);
      return;
    }
    active_ = !never_match && std::get<bool>(verdict);
    block_ = Block{source_, line.indented};
  }

  void include(const Line& line, const Place& place) {
    const Source source = source_;
    if (line.arguments->empty()) {
      refuse("Include has no file name");
      return;
    }
    for (const std::string& argument : *line.arguments) {
      source_ = source;
      if (argument.empty()) {
        refuse("Include has an empty file name");
        return;
      }
      const std::string pattern = include_pattern(argument);
      const auto known = found_.find(pattern);
      if (known != found_.end()) {
        const std::vector<std::string> paths = known->second;
        for (const std::string& path : paths) {
          include_file(path, source, place);
        }
      } else {
        include_new(pattern, source, place);
      }
      if (refusal_ || unknown_) {
        return;
      }
    }
    if (line.behind == openssh::Behind::kEmptyWordAndMore) {
      source_ = source;
      refuse("Include: there are too many arguments");
    }
  }

  void include_new(const std::string& pattern, const Source& source,
                   const Place& place) {
    const auto paths = document_.patterns.find(pattern);
    if (paths == document_.patterns.end()) {
      return;
    }
    if (!paths->second.ok()) {
      unknown_ = paths->second.error();
      return;
    }
    if (paths->second->empty()) {
      found_.try_emplace(pattern);
    }
    for (const std::string& path : *paths->second) {
      include_file(path, source, place);
      if (refusal_ || unknown_) {
        return;
      }
      found_[pattern].push_back(path);
    }
  }

  void include_file(const std::string& path, const Source& source,
                    const Place& place) {
    if (refusal_ || unknown_) {
      return;
    }
    source_ = source;
    const Result<std::shared_ptr<const File>>& file =
        document_.included.at(path);
    if (!file.ok() && file.error().kind == ErrorKind::kAbsent) {
      refuse("Include names a file that cannot be opened");
      return;
    }
    if (!file.ok()) {
      unknown_ = file.error();
      unknown_->reason += " (included from " + source.file + ":" +
                          std::to_string(source.line) + ")";
      return;
    }
    if (place.depth == openssh::kMaxIncludeDepth) {
      refuse("Include is nested too deeply");
      return;
    }
    if (++inclusions_ > openssh::kMaxIncludedFiles) {
      unknown_ = Error{.kind = ErrorKind::kLimit,
                       .attempted = "read",
                       .subject = path,
                       .reason = "too many files are included"};
      return;
    }
    // A Match block in an included file ends with that file.
    const bool active = active_;
    const std::optional<Block> block = block_;
    run(**file, {.match_only = place.match_only,
                 .never_match = !place.match_only && !active,
                 .depth = place.depth + 1});
    active_ = active;
    block_ = block;
  }

  void apply(const Line& line) {
    if (!line.keyword) {
      refuse(line.client_keyword.empty()
                 ? "the keyword is unknown"
                 : "the keyword " + std::string(line.client_keyword) +
                       " is one of ssh_config, not of sshd_config");
    } else if (!active_ && !line.keyword->allowed_in_match) {
      if (connection_ == nullptr) {
        refuse("the keyword " + std::string(line.keyword->name) +
               " is not allowed in a Match block");
      }
    } else if (auto reason = apply_directive(line, source_, document_, active_,
                                             settings_)) {
      refuse(std::string(line.keyword->name) + ": " + *reason);
    } else if (!active_ && block_ && line.keyword->keyword != Keyword::kOther) {
      conditional_.push_back(
          {.keyword = line.keyword->name,
           .line = source_,
           .block = block_->match,
           .looks_global = !line.indented && !block_->indented});
    }
  }

  struct Block {
    Source match;
    bool indented = false;
  };

  const Document& document_;
  const Connection* connection_;
  Found& found_;
  std::optional<Block> block_;  // the innermost one that is open
  std::vector<Conditional> conditional_;
  bool active_;
  Source source_;
  Settings settings_;
  std::size_t inclusions_ = 0;
  std::optional<Refusal> refusal_;
  std::optional<Error> unknown_;
};

}  // namespace

Evaluation evaluate(const Document& document, const Connection* connection) {
  Found found;
  Pass globals(document, nullptr, found);
  globals.run();
  Evaluation evaluation{.refusal = globals.refusal(),
                        .unknown = globals.unknown()};
  if (evaluation.refusal || evaluation.unknown) {
    return evaluation;
  }
  evaluation.refusal = resolve_addresses(globals.settings());
  if (evaluation.refusal) {
    return evaluation;
  }
  evaluation.effective = to_effective(globals.settings());
  evaluation.effective.conditional = std::move(globals.conditional());
  if (connection != nullptr) {
    Pass blocks(document, connection, found);
    blocks.run();
    evaluation.refusal = blocks.refusal();
    evaluation.unknown = blocks.unknown();
    override_effective(blocks.settings(), evaluation.effective);
    evaluation.effective.conditional = std::move(blocks.conditional());
  }
  return evaluation;
}

}  // namespace ssh_keepalive::sshd_config
