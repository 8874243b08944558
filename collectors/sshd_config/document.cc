#include "collectors/sshd_config/document.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <utility>

#include "collectors/openssh_syntax/include.h"
#include "collectors/openssh_syntax/values.h"
#include "collectors/openssh_syntax/words.h"

namespace ssh_keepalive::sshd_config {
namespace {

constexpr std::string_view kIncludeBase = "/etc/ssh/";
constexpr std::size_t kMaxTotalBytes = std::size_t{16} << 20;
// Some 30 MB. Empty lines and comments do not count.
constexpr std::size_t kMaxTotalWords = 300'000;
constexpr std::size_t kWordsForLine = 3;  // that take as much memory

// Nothing where the line is empty or a comment.
std::optional<Line> parse_line(std::string_view text,
                               const openssh::Version& version) {
  text = openssh::strip_line_end(text);
  if (text.starts_with('#')) {
    return std::nullopt;
  }
  openssh::DelimitedWords words(text);
  std::optional<std::string> keyword = words.next();
  if (keyword && keyword->empty()) {
    keyword = words.next();
  }
  if (!keyword || keyword->empty() || keyword->front() == '#') {
    return std::nullopt;
  }
  Line line;
  const std::string name = openssh::to_lower(*keyword);
  line.keyword = find_keyword(name, version);
  line.client_keyword = line.keyword ? "" : find_client_keyword(name);
  line.rest = words.exhausted() ? std::string() : std::string(words.rest());
  if (version.release < openssh::kArgumentGrammar) {
    openssh::OldArguments old = openssh::split_old_arguments(line.rest);
    line.arguments = std::move(old.words);
    line.behind = old.behind;
  } else if (line.rest.empty()) {
    line.refusal = "the keyword has no argument";
  } else {
    line.arguments = openssh::split_arguments(line.rest);
    if (!line.arguments) {
      line.refusal = "a quote is not closed";
    }
  }
  return line;
}

class Reader {
 public:
  Reader(const HostRoot& root, const openssh::Version& version)
      : root_(root),
        document_{.version = version, .services = openssh::Services(root)} {}

  Result<Document> read(const std::string& path) {
    Result<std::shared_ptr<const File>> main = read_one(path);
    if (!main.ok()) {
      return std::move(main).error();
    }
    document_.main = *std::move(main);
    pending_.push_back(document_.main);
    while (!pending_.empty()) {
      const std::shared_ptr<const File> file = std::move(pending_.back());
      pending_.pop_back();
      for (const Line& line : file->lines) {
        if (line.keyword && line.keyword->keyword == Keyword::kInclude &&
            line.arguments) {
          for (const std::string& argument : *line.arguments) {
            expand(include_pattern(argument));
          }
        }
      }
    }
    return std::move(document_);
  }

 private:
  Result<std::shared_ptr<const File>> read_one(const std::string& path) {
    const Error too_much{.kind = ErrorKind::kLimit,
                         .attempted = "read",
                         .subject = path,
                         .reason = "too many or too large files are included"};
    if (document_.files.size() >= openssh::kMaxIncludedFiles ||
        total_bytes_ > kMaxTotalBytes || total_words_ > kMaxTotalWords) {
      return too_much;
    }
    Result<ssh_keepalive::File> content = read_file(root_, path);
    if (!content.ok()) {
      return std::move(content).error();
    }
    total_bytes_ += content->bytes.size();
    document_.files.emplace_back(path, content->identity);
    auto file = std::make_shared<File>();
    file->path = path;
    file->lines = parse_lines(content->bytes, document_.version);
    for (Line& line : file->lines) {
      if (!line.keyword && line.arguments) {
        line.arguments.emplace();  // refused, whatever they are
      }
      total_words_ +=
          kWordsForLine + (line.arguments ? line.arguments->size() : 0);
    }
    if (total_words_ > kMaxTotalWords) {
      return too_much;
    }
    return std::shared_ptr<const File>(std::move(file));
  }

  void expand(const std::string& pattern) {
    if (document_.patterns.contains(pattern)) {
      return;
    }
    const auto& paths =
        document_.patterns
            .emplace(pattern, openssh::expand_include(
                                  root_, pattern,
                                  openssh::DeniedDirectory::kUnknown, search_))
            .first->second;
    for (const std::string& path :
         paths.ok() ? *paths : std::vector<std::string>()) {
      if (document_.included.contains(path)) {
        continue;
      }
      Result<std::shared_ptr<const File>> file = read_included(path);
      if (file.ok()) {
        pending_.push_back(*file);
      }
      document_.included.emplace(path, std::move(file));
    }
  }

  // sshd reads nothing from a directory or /dev/null, and goes on.
  Result<std::shared_ptr<const File>> read_included(const std::string& path) {
    Result<std::shared_ptr<const File>> file = read_one(path);
    if (!file.ok() && file.error().kind == ErrorKind::kInvalid &&
        (root_.open_path(path, O_PATH | O_DIRECTORY).ok() ||
         is_null_device(path))) {
      auto empty = std::make_shared<File>();
      empty->path = path;
      return std::shared_ptr<const File>(std::move(empty));
    }
    return file;
  }

  [[nodiscard]] bool is_null_device(const std::string& path) const {
    constexpr unsigned kMemoryMajor = 1;  // admin-guide/devices.txt
    constexpr unsigned kNullMinor = 3;
    const Result<UniqueFd> handle = root_.open_path(path, O_PATH);
    struct stat status {};
    return handle.ok() && ::fstat(handle->get(), &status) == 0 &&
           S_ISCHR(status.st_mode) &&
           status.st_rdev == makedev(kMemoryMajor, kNullMinor);
  }

  const HostRoot& root_;
  Document document_;
  std::vector<std::shared_ptr<const File>> pending_;
  std::size_t total_bytes_ = 0;
  std::size_t total_words_ = 0;
  openssh::IncludeSearch search_;
};

}  // namespace

std::string include_pattern(std::string_view argument) {
  // sshd's glob(3) does not expand `~`: it means a folder of that name in
  // the daemon's working directory, which is the root.
  if (argument.starts_with('~')) {
    return "/" + std::string(argument);
  }
  return argument.starts_with('/')
             ? std::string(argument)
             : std::string(kIncludeBase) + std::string(argument);
}

std::vector<Line> parse_lines(std::string_view content,
                              const openssh::Version& version) {
  std::vector<Line> lines;
  std::string text;
  int number = 1;
  bool indented = false;
  const auto finish = [&] {
    if (auto line = parse_line(text, version)) {
      line->number = number;
      line->indented = indented;
      lines.push_back(*std::move(line));
    }
    text.clear();
  };
  const auto is_refused = [&lines] {
    return !lines.empty() &&
           (!lines.back().keyword || lines.back().refusal.has_value());
  };
  while (!content.empty() && !is_refused()) {
    const std::size_t length = std::min(content.find('\n'), content.size());
    std::string_view physical = content.substr(0, length);
    bool ends = length < content.size();
    content.remove_prefix(std::min(length + 1, content.size()));
    std::size_t blanks = 0;
    while (blanks < physical.size() &&
           (physical[blanks] == ' ' || physical[blanks] == '\t' ||
            physical[blanks] == '\r')) {
      ++blanks;
    }
    physical.remove_prefix(blanks);
    indented = text.empty() ? blanks > 0 : indented;
    // sshd strings the lines together as C strings: a NUL byte hides the rest
    // of its line with the line break, so that the next line continues it.
    if (const std::size_t nul = physical.find('\0'); nul != physical.npos) {
      physical = physical.substr(0, nul);
      ends = false;
    }
    if (version.release < openssh::kArgumentGrammar &&
        physical.find('#') != physical.npos) {
      physical = physical.substr(0, physical.find('#'));
      ends = true;
    }
    if (ends && text.empty() && (physical.empty() || physical[0] == '#')) {
      ++number;
      continue;
    }
    text += physical;
    if (ends) {
      finish();
      ++number;
    }
  }
  finish();
  return lines;
}

Result<Document> read_document(const HostRoot& root, const std::string& path,
                               const openssh::Version& version,
                               const CommandLine& command_line) {
  Result<Document> document = Reader(root, version).read(path);
  if (!document.ok()) {
    return document;
  }
  for (const std::string& text : command_line.lines) {
    if (auto line = parse_line(text, version)) {
      document->command_line.lines.push_back(*std::move(line));
    }
  }
  for (const std::string& text : command_line.ports) {
    if (const auto port = openssh::parse_port(text, document->services)) {
      document->ports.push_back(*port);
    }
  }
  return document;
}

bool is_unchanged(const HostRoot& root, const Document& document) {
  const auto same_file = [&root](const auto& file) {
    const Result<FileIdentity> identity = identify_file(root, file.first);
    return identity.ok() && *identity == file.second;
  };
  openssh::IncludeSearch search;
  const auto same_paths = [&root, &search](const auto& pattern) {
    const auto paths = openssh::expand_include(
        root, pattern.first, openssh::DeniedDirectory::kUnknown, search);
    return paths.ok() ? pattern.second.ok() && *paths == *pattern.second
                      : !pattern.second.ok();
  };
  // A file that could not be read has no identity: its error stands for it.
  const auto same_error = [&root](const auto& file) {
    if (file.second.ok()) {
      return true;
    }
    const Result<ssh_keepalive::File> again = read_file(root, file.first);
    return !again.ok() && again.error().kind == file.second.error().kind;
  };
  return document.services.is_current() &&
         std::ranges::all_of(document.files, same_file) &&
         std::ranges::all_of(document.patterns, same_paths) &&
         std::ranges::all_of(document.included, same_error);
}

}  // namespace ssh_keepalive::sshd_config
