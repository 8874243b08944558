// Any bytes as the values of OpenSSH's configurations, for several releases:
// times, numbers, words, patterns, lists of addresses, ChannelTimeout, and as
// /etc/services.
#include <iterator>
#include <string>
#include <string_view>

#include "collectors/openssh_syntax/address_list.h"
#include "collectors/openssh_syntax/channel_timeout.h"
#include "collectors/openssh_syntax/pattern.h"
#include "collectors/openssh_syntax/services.h"
#include "collectors/openssh_syntax/values.h"
#include "collectors/openssh_syntax/words.h"
#include "tests/fuzz/fuzzing.h"

namespace {

using namespace ssh_keepalive::openssh;  // NOLINT(google-build-using-namespace)
using ssh_keepalive::fuzzing::require;

constexpr Release kReleases[] = {{8, 4}, {8, 5},  {9, 2},
                                 {9, 8}, {10, 0}, {10, 3}};
constexpr Release kBounded{8, 5};

void check_numbers(std::string_view text, Release release) {
  if (const auto seconds = parse_time(text, release)) {
    require(*seconds >= 0 || release < kBounded);
    require(*seconds < 0 ||
            parse_time(std::to_string(*seconds), release) == seconds);
  }
  if (const auto count = parse_count(text)) {
    require(*count >= 0 && parse_count(std::to_string(*count)) == count);
  }
  if (const auto port = parse_port(text, Services())) {
    require(*port >= 0 && *port <= 65'535);
  }
  for (const auto& [name, port] : parse_services(text)) {
    require(!name.empty() && name.find_first_of(" \t\n#") == name.npos);
  }
}

// Words that were cut out and quoted are cut out as the same.
void check_words(std::string_view text) {
  if (const auto words = split_arguments(text)) {
    std::string quoted;
    for (const std::string& word : *words) {
      quoted += '"';
      for (const char c : word) {
        quoted +=
            c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
      }
      quoted += "\" ";
    }
    require(split_arguments(quoted) == words);
  }
  for (const std::string& word : split_old_arguments(text).words) {
    require(!word.empty());
  }
  const std::string_view line = strip_line_end(text);
  require(text.starts_with(line) && line.find('\0') == line.npos);
  const std::string lower = to_lower(text);
  require(lower.size() == text.size() && to_lower(lower) == lower);
}

void check_patterns(std::string_view text, std::string_view list,
                    Release release) {
  require(match_pattern(text, "*"));
  require(match_pattern(text, text));
  require(match_pattern(text, std::string(text) + "*"));
  require(match_pattern(std::string(text), std::string(text.size(), '?')));
  const std::string read = list_as_read(std::string(list), release);
  const bool matched = match_pattern_list(text, read, false);
  require(matched == (hold_against_list(text, read, false) == ListMatch::kYes));
}

void check_addresses(std::string_view text, std::string_view list,
                     Release release) {
  const auto checked = match_address_list(std::nullopt, list, release);
  const auto matched = match_address_list(text, list, release);
  require(checked != true);
  // What matches has been read to its end.
  require(!matched.value_or(false) || checked.has_value());
  if (const auto ends = ends_of_network(text)) {
    for (const std::string& end : {ends->first, ends->second}) {
      require(ends_of_network(end) == std::pair(end, end));
      // Numbers of IPv6 with a scope stand for that scope alone.
      require(text.find('%') != text.npos ||
              match_address_list(end, text, Version().release) != false);
    }
  }
}

void check_channels(std::string_view type, std::string_view text,
                    Release release) {
  const auto words = split_arguments(text);
  if (!words) {
    return;
  }
  const auto timeouts = parse_channel_timeouts(*words, release);
  require(timeouts.size() <= words->size());
  const auto seconds = channel_timeout(type, timeouts, release);
  require(!seconds || *seconds > 0);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const Release release = kReleases[*data % std::size(kReleases)];
  const std::vector<char> copy =
      ssh_keepalive::fuzzing::copy_of(data + 1, size - 1);
  std::string_view rest(copy.data(), copy.size());
  check_numbers(rest, release);
  check_words(rest);
  const std::string_view text = ssh_keepalive::fuzzing::take_part(rest, '\n');
  check_numbers(text, release);
  check_patterns(text, rest, release);
  check_addresses(text, rest, release);
  check_channels(text, rest, release);
  return 0;
}
