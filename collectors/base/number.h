#ifndef SSH_KEEPALIVE_COLLECTORS_BASE_NUMBER_H_
#define SSH_KEEPALIVE_COLLECTORS_BASE_NUMBER_H_

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace ssh_keepalive {

// The whole text as a decimal integer of type T: no sign but `-`, no white
// space, nothing behind it. Nothing where it is no number or does not fit.
template <typename T>
std::optional<T> parse_integer(std::string_view text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || text.empty()) {
    return std::nullopt;
  }
  return value;
}

// The text without the white space (space, \t, \n, \v, \f, \r) around it.
std::string_view trim(std::string_view text);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_BASE_NUMBER_H_
