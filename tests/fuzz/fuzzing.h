// What several fuzzers share.
#ifndef SSH_KEEPALIVE_TESTS_FUZZ_FUZZING_H_
#define SSH_KEEPALIVE_TESTS_FUZZ_FUZZING_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

namespace ssh_keepalive::fuzzing {

// Ends the program, and says where, unless it is so.
inline void require(bool condition, int line = __builtin_LINE()) {
  if (!condition) {
    std::fprintf(stderr, "line %d is not met\n", line);
    std::abort();
  }
}

// A copy of exactly that size, so that AddressSanitizer sees each byte that is
// read behind it.
inline std::vector<char> copy_of(const std::uint8_t* data, std::size_t size) {
  return {data, data + size};
}

// The text up to the separator, which goes too; all where there is none.
inline std::string_view take_part(std::string_view& text, char separator) {
  const std::size_t length = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, length);
  text.remove_prefix(std::min(length + 1, text.size()));
  return part;
}

// The texts between bytes 0xFF, which no text needs; the last one has the rest.
template <std::size_t kCount>
std::array<std::string_view, kCount> parts_of(std::string_view text) {
  constexpr char kSeparator = '\xFF';
  std::array<std::string_view, kCount> parts;
  for (std::size_t i = 0; i + 1 < kCount; ++i) {
    parts.at(i) = take_part(text, kSeparator);
  }
  parts.back() = text;
  return parts;
}

}  // namespace ssh_keepalive::fuzzing

#endif  // SSH_KEEPALIVE_TESTS_FUZZ_FUZZING_H_
