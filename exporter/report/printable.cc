#include "exporter/report/printable.h"

#include <algorithm>

namespace ssh_keepalive {

std::string printable_word(std::string_view text) {
  std::string word = printable_line(text);
  std::ranges::replace(word, ' ', '?');
  return word.empty() ? "-" : word;
}

std::string printable_line(std::string_view text) {
  std::string line(text);
  std::ranges::replace_if(
      line, [](char c) { return c < ' ' || c > '~'; }, '?');
  return line;
}

}  // namespace ssh_keepalive
