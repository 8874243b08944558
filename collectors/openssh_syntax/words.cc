#include "collectors/openssh_syntax/words.h"

#include <algorithm>

namespace ssh_keepalive::openssh {
namespace {

bool is_white_space(char byte) {
  return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

// What string_view::find_first_of would do, which looks at each byte with a
// call of memchr(3): this is the innermost loop of all parsing.
std::size_t find_delimiter(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && !is_white_space(text[i]) && text[i] != '"' &&
         text[i] != '=') {
    ++i;
  }
  return i;
}

std::string_view skip_white_space(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && is_white_space(text[i])) {
    ++i;
  }
  return text.substr(i);
}

// Whether the backslash at `i` escapes the byte behind it.
bool escapes(std::string_view text, std::size_t i, char quote) {
  if (text[i] != '\\' || i + 1 >= text.size()) {
    return false;
  }
  const char next = text[i + 1];
  return next == '\'' || next == '"' || next == '\\' ||
         (quote == '\0' && next == ' ');
}

// Appends the word at `i` to `word` and leaves `i` behind it; false where a
// quote in it is not closed.
bool take_argument(std::string_view text, std::size_t& i, std::string& word) {
  char quote = '\0';
  for (; i < text.size(); ++i) {
    const char byte = text[i];
    if (escapes(text, i, quote)) {
      word += text[++i];
    } else if (quote == '\0' && (byte == ' ' || byte == '\t')) {
      return true;
    } else if (quote == '\0' && (byte == '"' || byte == '\'')) {
      quote = byte;
    } else if (quote != '\0' && byte == quote) {
      quote = '\0';
    } else {
      word += byte;
    }
  }
  return quote == '\0';
}

}  // namespace

std::optional<std::string> DelimitedWords::next() {
  if (ended_) {
    return std::nullopt;
  }
  const std::size_t end = find_delimiter(rest_);
  if (end == rest_.size()) {
    ended_ = true;
    return std::string(rest_);
  }
  std::string word(rest_.substr(0, end));
  const char delimiter = rest_[end];
  if (delimiter == '"') {
    // What stands before an opening quote belongs to the word in it.
    const std::size_t closing = rest_.find('"', end + 1);
    if (closing == rest_.npos) {
      ended_ = true;
      return std::nullopt;
    }
    word += rest_.substr(end + 1, closing - end - 1);
    rest_ = skip_white_space(rest_.substr(closing + 1));
    return word;
  }
  rest_ = skip_white_space(rest_.substr(end + 1));
  if (delimiter != '=' && rest_.starts_with('=')) {
    rest_ = skip_white_space(rest_.substr(1));
  }
  return word;
}

std::optional<std::vector<std::string>> split_arguments(std::string_view rest) {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == ' ' || rest[i] == '\t') {
      continue;
    }
    if (rest[i] == '#') {
      break;
    }
    if (!take_argument(rest, i, words.emplace_back())) {
      return std::nullopt;
    }
  }
  return words;
}

OldArguments split_old_arguments(std::string_view rest) {
  DelimitedWords delimited(rest);
  OldArguments arguments;
  bool more = true;
  auto word = delimited.next();
  while (word && !word->empty()) {
    arguments.words.push_back(*std::move(word));
    more = !delimited.ended();
    word = delimited.next();
  }
  if (word) {
    word = delimited.next();
    arguments.behind =
        word && !word->empty() ? Behind::kEmptyWordAndMore : Behind::kEmptyWord;
  } else if (more) {
    arguments.behind = Behind::kOpenQuote;
  }
  return arguments;
}

std::string_view strip_line_end(std::string_view line) {
  line = line.substr(0, line.find('\0'));
  while (line.size() > 1 && std::string_view(" \t\r\n\f").find(line.back()) !=
                                std::string_view::npos) {
    line.remove_suffix(1);
  }
  return line;
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char byte) {
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a')
                                      : byte;
  });
  return lower;
}

}  // namespace ssh_keepalive::openssh
