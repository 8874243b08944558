#include "collectors/sysctl/sysctl_assignments.h"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>

namespace ssh_keepalive::sysctl {
namespace {

constexpr std::string_view kWhiteSpace = " \t\n\r";
// systemd also ends a line at a carriage return or a NUL byte.
constexpr std::string_view kLineEnds("\n\r\0", 3);

std::string_view strip(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kWhiteSpace);
  return first == text.npos
             ? std::string_view()
             : text.substr(first,
                           text.find_last_not_of(kWhiteSpace) - first + 1);
}

std::optional<Assignment> parse_line(std::string_view line) {
  line = strip(line);
  if (line.empty() || line.front() == '#' || line.front() == ';') {
    return std::nullopt;
  }
  const bool has_dash = line.front() == '-';
  const std::size_t equals = line.find('=');
  if (equals == line.npos && !has_dash) {
    return std::nullopt;
  }
  Assignment assignment;
  assignment.key =
      normalize_key(strip(line.substr(0, equals).substr(has_dash ? 1 : 0)));
  if (equals != line.npos) {
    assignment.value = strip(line.substr(equals + 1));
  }
  return assignment;
}

// The comma or the brace that ends an alternative which starts at `at`;
// npos: the braces are not balanced.
std::size_t end_of_alternative(std::string_view text, std::size_t at) {
  int depth = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\') {
      ++at;
    } else if (depth == 0 && (c == ',' || c == '}')) {
      return at;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}') {
      --depth;
    }
  }
  return std::string_view::npos;
}

// The first brace that starts a balanced expression; npos: none.
std::size_t find_brace(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && text[at] != '{') {
    at += text[at] == '\\' ? 2 : 1;
  }
  return at < text.size() ? at : std::string_view::npos;
}

struct Alternatives {
  std::vector<std::string> texts;
  std::string_view rest;  // behind the closing brace
};

// Nothing where the braces are not balanced: then they mean themselves.
std::optional<Alternatives> split_alternatives(std::string_view text,
                                               std::size_t brace) {
  Alternatives found;
  for (std::size_t start = brace + 1;;) {
    const std::size_t end = end_of_alternative(text, start);
    if (end == text.npos) {
      return std::nullopt;
    }
    found.texts.emplace_back(text.substr(start, end - start));
    if (text[end] == '}') {
      found.rest = text.substr(end + 1);
      return found;
    }
    start = end + 1;
  }
}

}  // namespace

std::vector<Assignment> parse_assignments(std::string_view content) {
  std::vector<Assignment> assignments;
  int line = 1;
  while (!content.empty()) {
    const std::size_t end =
        std::min(content.find_first_of(kLineEnds), content.size());
    if (auto assignment = parse_line(content.substr(0, end))) {
      assignment->line = line;
      assignments.push_back(*std::move(assignment));
    }
    if (end < content.size() && content[end] == '\n') {
      ++line;
    }
    content.remove_prefix(std::min(end + 1, content.size()));
  }
  return assignments;
}

std::string normalize_key(std::string_view key) {
  const std::size_t separator = key.find_first_of("/.");
  const bool dotted = separator != key.npos && key[separator] == '.';
  std::string path;
  std::string component;
  const auto finish = [&path, &component] {
    if (!component.empty() && component != ".") {
      path += path.empty() ? "" : "/";
      path += component;
    }
    component.clear();
  };
  for (char c : key) {
    if (dotted && (c == '.' || c == '/')) {
      c = c == '.' ? '/' : '.';
    }
    if (c == '/') {
      finish();
    } else {
      component += c;
    }
  }
  finish();
  return path;
}

bool is_glob(std::string_view key) {
  return key.find_first_of("*?[") != key.npos;
}

std::optional<bool> glob_matches(const std::string& glob,
                                 const std::string& path) {
  constexpr std::size_t kMaxAlternatives = 1000;
  constexpr std::size_t kMaxGlobBytes = 4096;  // PATH_MAX
  if (glob.size() > kMaxGlobBytes) {
    return std::nullopt;
  }
  std::vector<std::string> pending = {glob};
  for (std::size_t tried = 0; !pending.empty(); ++tried) {
    if (tried + pending.size() > kMaxAlternatives) {
      return std::nullopt;
    }
    const std::string pattern = std::move(pending.back());
    pending.pop_back();
    const std::size_t brace = find_brace(pattern);
    const std::optional<Alternatives> alternatives =
        brace == pattern.npos ? std::nullopt
                              : split_alternatives(pattern, brace);
    if (alternatives) {
      for (const std::string& text : alternatives->texts) {
        pending.push_back(pattern.substr(0, brace) + text +
                          std::string(alternatives->rest));
        if (pending.size() > kMaxAlternatives) {
          return std::nullopt;
        }
      }
    } else if (::fnmatch(pattern.c_str(), path.c_str(),
                         FNM_PATHNAME | FNM_PERIOD) == 0) {
      return true;
    }
  }
  return false;
}

std::optional<std::int64_t> kernel_number(std::string_view value) {
  constexpr std::size_t kMaxNumberLength = 20;  // TMPBUFLEN less two
  value = value.substr(0, value.find_first_of(" \t\n"));
  if (value.size() > kMaxNumberLength) {
    return std::nullopt;
  }
  const bool negative = value.starts_with('-');
  value.remove_prefix(negative ? 1 : 0);
  int base = 10;
  if (value.starts_with("0x") || value.starts_with("0X")) {
    base = 16;
    value.remove_prefix(2);
  } else if (value.starts_with('0')) {
    base = 8;
  }
  std::int64_t number = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number, base);
  if (error != std::errc{} || stop != end || value.starts_with('-')) {
    return std::nullopt;
  }
  return negative ? -number : number;
}

}  // namespace ssh_keepalive::sysctl
