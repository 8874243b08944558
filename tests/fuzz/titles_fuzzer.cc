// Any bytes as what processes and containers call themselves: the titles of
// sshd and ssh, control groups, socket units, SMBIOS. What is shown of them
// belongs on a terminal and in a label.
#include <cctype>
#include <string>
#include <string_view>

#include "collectors/netns/container.h"
#include "collectors/platform/platform.h"
#include "collectors/sessions/sshd_title.h"
#include "collectors/sshd_config/command_line.h"
#include "collectors/sshd_config/socket_units.h"
#include "exporter/http/page/html.h"
#include "exporter/log.h"
#include "exporter/report/identities.h"
#include "exporter/report/printable.h"
#include "tests/fuzz/fuzzing.h"

namespace {

using namespace ssh_keepalive;  // NOLINT(google-build-using-namespace)
using fuzzing::require;

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return ' ' <= c && c <= '~'; });
}

void check_titles(std::string_view text) {
  const sessions::SshdTitle title = sessions::parse_sshd_title(text);
  require(title.user.empty() || sessions::is_presentable(title.user));
  require(is_printable(title.tty));
  require(title.part != sessions::SshdPart::kUnknown ||
          title == sessions::SshdTitle());
  static_cast<void>(sessions::is_multiplexer_title(text));
  if (const auto line = sshd_config::parse_listener_title(text)) {
    require(line->names_files() || line->lines.empty() || line->matters());
  }
}

void check_container(std::string_view text) {
  constexpr std::size_t kLongest = 63;
  for (const std::string& name :
       {netns::container_of(text), netns::container_of_unit(text),
        netns::sanitized(text)}) {
    require(name.size() <= kLongest && netns::sanitized(name) == name);
  }
}

void check_units(std::string_view text) {
  std::vector<std::uint16_t> ports = {22};
  sshd_config::apply_socket_unit(text, ports);
  require(std::ranges::find(ports, 0) == ports.end());
  const std::string word(text);
  static_cast<void>(platform::identify({.sys_vendor = word,
                                        .product_name = word,
                                        .bios_version = word,
                                        .chassis_asset_tag = word}));
}

void check_shown(std::string_view text) {
  require(is_printable(printable_line(text)));
  require(is_printable(printable_word(text)) && !printable_word(text).empty());
  const std::string html = http::escape_html(text);
  require(is_printable(html) && html.find_first_of("<>\"'") == html.npos);
  require(!names_private_path(public_text(std::string(text))));
  for (const LogFormat format : {LogFormat::kLogfmt, LogFormat::kJson}) {
    const std::string line = format_log_line(format, "", LogLevel::kInfo, text,
                                             {{"key", std::string(text)}});
    require(std::ranges::none_of(line, [](unsigned char c) {
      return std::iscntrl(c) != 0 && c < 0x7F;
    }));
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::vector<char> copy = fuzzing::copy_of(data, size);
  const std::string_view text(copy.data(), copy.size());
  check_titles(text);
  check_container(text);
  check_units(text);
  check_shown(text);
  return 0;
}
