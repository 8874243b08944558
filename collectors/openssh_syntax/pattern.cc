#include "collectors/openssh_syntax/pattern.h"

#include <algorithm>
#include <string>

#include "collectors/openssh_syntax/words.h"

namespace ssh_keepalive::openssh {
namespace {

// match.c gives up on longer ones, as "no match" of the whole list.
constexpr std::size_t kMaxPatternLength = 1022;

constexpr Release kRunsAreOne{8, 5};  // `**` is `*`

}  // namespace

bool match_pattern(std::string_view text, std::string_view pattern) {
  std::size_t at = 0;
  std::size_t in_pattern = 0;
  std::size_t star = pattern.npos;  // the last `*` that was met
  std::size_t star_at = 0;          // how much of the text it does not take
  while (at < text.size()) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      star = in_pattern++;
      star_at = at;
    } else if (in_pattern < pattern.size() &&
               (pattern[in_pattern] == '?' ||
                pattern[in_pattern] == text[at])) {
      ++in_pattern;
      ++at;
    } else if (star != pattern.npos) {
      in_pattern = star + 1;
      at = ++star_at;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', in_pattern) == pattern.npos;
}

std::string pattern_as_read(std::string pattern, Release release) {
  if (release < kRunsAreOne && pattern.ends_with("**") &&
      pattern.size() <= kMaxPatternLength) {
    pattern.resize(pattern.find_last_not_of('*') + 1);
    pattern += "?*";
  }
  return pattern;
}

std::string list_as_read(std::string list, Release release) {
  if (release >= kRunsAreOne || list.find("**") == list.npos) {
    return list;
  }
  std::string read;
  std::size_t start = 0;
  while (start < list.size()) {
    const std::size_t comma = std::min(list.find(',', start), list.size());
    read += pattern_as_read(list.substr(start, comma - start), release);
    read += comma < list.size() ? "," : "";
    start = comma + 1;
  }
  return read;
}

ListMatch hold_against_list(std::string_view text, std::string_view list,
                            bool lower) {
  bool matched = false;
  while (!list.empty()) {
    const bool negated = list.front() == '!';
    list.remove_prefix(negated ? 1 : 0);
    const std::size_t length = std::min(list.find(','), list.size());
    if (length > kMaxPatternLength) {
      return ListMatch::kNo;
    }
    const std::string pattern = lower ? to_lower(list.substr(0, length))
                                      : std::string(list.substr(0, length));
    list.remove_prefix(std::min(length + 1, list.size()));
    if (match_pattern(text, pattern)) {
      if (negated) {
        return ListMatch::kNegated;
      }
      matched = true;
    }
  }
  return matched ? ListMatch::kYes : ListMatch::kNo;
}

bool match_pattern_list(std::string_view text, std::string_view list,
                        bool lower) {
  return hold_against_list(text, list, lower) == ListMatch::kYes;
}

}  // namespace ssh_keepalive::openssh
