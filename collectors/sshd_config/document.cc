#include "collectors/sshd_config/document.h"

#include <algorithm>
#include <utility>

#include "collectors/openssh_syntax/include.h"
#include "collectors/openssh_syntax/words.h"

namespace ssh_keepalive::sshd_config {
namespace {

constexpr std::string_view kIncludeBase = "/etc/ssh/";
constexpr std::size_t kMaxTotalBytes = std::size_t{16} << 20;

// All words by the older grammar, without the empty one at the end.
std::optional<std::vector<std::string>> delimited_arguments(
    std::string_view rest) {
  openssh::DelimitedWords words(rest);
  std::vector<std::string> all;
  while (!words.exhausted()) {
    auto word = words.next();
    if (!word) {
      return std::nullopt;
    }
    all.push_back(*std::move(word));
  }
  return all;
}

// Nothing where the line is empty or a comment.
std::optional<Line> parse_line(std::string_view text,
                               const openssh::Version& version) {
  const bool arguments_grammar = version.release >= openssh::kArgumentGrammar;
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r"), text.size()));
  if (!arguments_grammar) {
    text = text.substr(0, text.find('#'));
  }
  text = openssh::strip_line_end(text);
  openssh::DelimitedWords words(text);
  std::optional<std::string> keyword = words.next();
  if (keyword && keyword->empty()) {
    keyword = words.next();
  }
  if (!keyword || keyword->empty() || keyword->front() == '#') {
    return std::nullopt;
  }
  Line line;
  line.keyword = openssh::to_lower(*keyword).empty()
                     ? std::nullopt
                     : find_keyword(openssh::to_lower(*keyword), version);
  line.rest = words.exhausted() ? std::string() : std::string(words.rest());
  if (arguments_grammar && line.rest.empty()) {
    line.refusal = "the keyword has no argument";
    return line;
  }
  line.arguments = arguments_grammar ? openssh::split_arguments(line.rest)
                                     : delimited_arguments(line.rest);
  return line;
}

class Reader {
 public:
  Reader(const HostRoot& root, const openssh::Version& version)
      : root_(root), version_(version) {}

  Result<std::shared_ptr<const File>> read(const std::string& path, int depth) {
    Result<ssh_keepalive::File> content = read_file(root_, path);
    if (!content.ok()) {
      return std::move(content).error();
    }
    total_bytes_ += content->bytes.size();
    if (files_.size() >= openssh::kMaxIncludedFiles ||
        total_bytes_ > kMaxTotalBytes) {
      return Error{.kind = ErrorKind::kLimit,
                   .attempted = "read",
                   .subject = path,
                   .reason = "too many or too large files are included"};
    }
    files_.emplace_back(path, content->identity);
    auto file = std::make_shared<File>();
    file->path = path;
    file->lines = parse_lines(content->bytes, version_);
    for (Line& line : file->lines) {
      if (line.keyword && line.keyword->keyword == Keyword::kInclude &&
          line.arguments && !line.refusal) {
        if (Result<void> included = include(line, path, depth);
            !included.ok()) {
          return std::move(included).error();
        }
      }
    }
    return std::shared_ptr<const File>(std::move(file));
  }

  std::vector<std::pair<std::string, FileIdentity>> take_files() {
    return std::move(files_);
  }

 private:
  Result<void> include(Line& line, const std::string& from, int depth) {
    if (line.arguments->empty()) {
      line.refusal = "Include has no file name";
      return {};
    }
    for (const std::string& argument : *line.arguments) {
      if (argument.empty()) {
        line.refusal = "Include has an empty file name";
        return {};
      }
      if (argument.front() == '~') {
        continue;  // sshd's glob(3) does not expand it: there is no such file
      }
      const std::string pattern = argument.front() == '/'
                                      ? argument
                                      : std::string(kIncludeBase) + argument;
      Result<std::vector<std::string>> paths =
          openssh::expand_include(root_, pattern);
      if (!paths.ok()) {
        return std::move(paths).error();
      }
      for (const std::string& path : *paths) {
        if (Result<void> read = include_file(line, path, from, depth);
            !read.ok() || line.refusal) {
          return read;
        }
      }
    }
    return {};
  }

  Result<void> include_file(Line& line, const std::string& path,
                            const std::string& from, int depth) {
    if (depth == openssh::kMaxIncludeDepth) {
      line.refusal = "Include is nested too deeply";
      return {};
    }
    Result<std::shared_ptr<const File>> file = read(path, depth + 1);
    if (file.ok()) {
      line.included.push_back(*std::move(file));
      return {};
    }
    Error error = std::move(file).error();
    if (error.kind == ErrorKind::kAbsent) {
      line.refusal = "Include names a file that cannot be opened";
      return {};
    }
    if (error.kind == ErrorKind::kInvalid && is_directory(path)) {
      auto empty = std::make_shared<File>();  // as sshd reads a directory
      empty->path = path;
      line.included.push_back(std::move(empty));
      return {};
    }
    if (error.subject == path) {
      error.reason +=
          " (included from " + from + ":" + std::to_string(line.number) + ")";
    }
    return error;
  }

  [[nodiscard]] bool is_directory(const std::string& path) const {
    return root_.open_path(path + "/", 0).ok();
  }

  const HostRoot& root_;
  const openssh::Version& version_;
  std::vector<std::pair<std::string, FileIdentity>> files_;
  std::size_t total_bytes_ = 0;
};

}  // namespace

std::vector<Line> parse_lines(std::string_view content,
                              const openssh::Version& version) {
  // sshd keeps the whole file as one C string.
  content = content.substr(0, content.find('\0'));
  std::vector<Line> lines;
  for (int number = 1; !content.empty(); ++number) {
    const std::size_t length = std::min(content.find('\n'), content.size());
    if (auto line = parse_line(content.substr(0, length), version)) {
      line->number = number;
      lines.push_back(*std::move(line));
    }
    content.remove_prefix(std::min(length + 1, content.size()));
  }
  return lines;
}

Result<Document> read_document(const HostRoot& root, const std::string& path,
                               const openssh::Version& version) {
  Reader reader(root, version);
  Result<std::shared_ptr<const File>> main = reader.read(path, 0);
  if (!main.ok()) {
    return std::move(main).error();
  }
  return Document{.version = version,
                  .main = *std::move(main),
                  .files = reader.take_files()};
}

}  // namespace ssh_keepalive::sshd_config
