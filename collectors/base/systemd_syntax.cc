#include "collectors/base/systemd_syntax.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace ssh_keepalive::systemd {
namespace {

constexpr std::string_view kWhiteSpace = " \t\n\r";
// A line also ends at a carriage return or a NUL byte.
constexpr std::string_view kLineEnds("\n\r\0", 3);
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string_view strip(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kWhiteSpace);
  return first == text.npos
             ? std::string_view()
             : text.substr(first,
                           text.find_last_not_of(kWhiteSpace) - first + 1);
}

// The length of the character at the front of a text that is not empty; 0 where
// it is no UTF-8 (RFC 3629, section 4).
std::size_t utf8_length(std::string_view text) {
  struct Row {
    std::uint8_t first_low, first_high;    // of the first byte
    std::uint8_t second_low, second_high;  // of the second one
    std::size_t length;
  };
  static constexpr std::array kRows = {
      Row{0xC2, 0xDF, 0x80, 0xBF, 2}, Row{0xE0, 0xE0, 0xA0, 0xBF, 3},
      Row{0xE1, 0xEC, 0x80, 0xBF, 3}, Row{0xED, 0xED, 0x80, 0x9F, 3},
      Row{0xEE, 0xEF, 0x80, 0xBF, 3}, Row{0xF0, 0xF0, 0x90, 0xBF, 4},
      Row{0xF1, 0xF3, 0x80, 0xBF, 4}, Row{0xF4, 0xF4, 0x80, 0x8F, 4}};
  const auto byte = [text](std::size_t at) {
    return static_cast<std::uint8_t>(text[at]);
  };
  if (byte(0) < 0x80) {
    return 1;
  }
  for (const Row& row : kRows) {
    if (byte(0) < row.first_low || byte(0) > row.first_high) {
      continue;
    }
    if (text.size() < row.length || byte(1) < row.second_low ||
        byte(1) > row.second_high) {
      return 0;
    }
    for (std::size_t at = 2; at < row.length; ++at) {
      if (byte(at) < 0x80 || byte(at) > 0xBF) {
        return 0;
      }
    }
    return row.length;
  }
  return 0;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

// Whether a backslash at the end continues the line: one that does not belong
// to another before it.
bool goes_on(std::string_view line) {
  const std::size_t last = line.find_last_not_of('\\');
  const std::size_t backslashes =
      line.size() - (last == line.npos ? 0 : last + 1);
  return backslashes % 2 == 1;
}

class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {
    if (rest_.starts_with(kByteOrderMark)) {
      rest_.remove_prefix(kByteOrderMark.size());
    }
  }

  // The next line with those that continue it; false at the end of the text.
  bool next() {
    joined_.clear();
    start_ = 0;
    while (!rest_.empty()) {
      const int line = line_;
      const std::string_view part = take_part();
      const std::string_view stripped = strip(part);
      if (stripped.starts_with('#') || stripped.starts_with(';')) {
        continue;
      }
      start_ = start_ == 0 ? line : start_;
      joined_ += part;
      if (!goes_on(part)) {
        return true;
      }
      joined_.back() = ' ';
    }
    return start_ != 0;
  }

  [[nodiscard]] std::string_view text() const { return strip(joined_); }
  [[nodiscard]] int start() const { return start_; }

 private:
  std::string_view take_part() {
    const std::size_t end =
        std::min(rest_.find_first_of(kLineEnds), rest_.size());
    const std::string_view part = rest_.substr(0, end);
    rest_.remove_prefix(end);
    const std::size_t ending =
        rest_.starts_with("\r\n") ? 2 : std::min<std::size_t>(1, rest_.size());
    line_ += rest_.substr(0, ending).ends_with('\n') ? 1 : 0;
    rest_.remove_prefix(ending);
    return part;
  }

  std::string_view rest_;
  int line_ = 1;
  int start_ = 0;  // 0: nothing read yet
  std::string joined_;
};

}  // namespace

std::optional<int> visit_assignments(
    std::string_view text, std::string_view section,
    const std::function<void(const Assignment&)>& visit) {
  bool is_inside = false;
  for (Lines lines(text); lines.next();) {
    const std::string_view line = lines.text();
    if (!is_utf8(line)) {
      return lines.start();
    }
    if (line.starts_with('[')) {
      if (!line.ends_with(']')) {
        return lines.start();
      }
      is_inside = line.substr(1, line.size() - 2) == section;
      continue;
    }
    const std::size_t equals = line.find('=');
    if (is_inside && equals != line.npos && equals > 0) {
      visit({.key = strip(line.substr(0, equals)),
             .value = strip(line.substr(equals + 1)),
             .line = lines.start()});
    }
  }
  return std::nullopt;
}

}  // namespace ssh_keepalive::systemd
