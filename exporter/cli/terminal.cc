#include "exporter/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "collectors/base/number.h"

namespace ssh_keepalive {
namespace {

std::optional<std::size_t> number_in_environment(const char* name) {
  const char* const text = std::getenv(name);
  if (text == nullptr) {
    return std::nullopt;
  }
  const auto number = parse_integer<unsigned>(text);
  return number && *number > 0 ? std::optional<std::size_t>(*number)
                               : std::nullopt;
}

winsize window_of(int fd) {
  winsize window{};
  if (::ioctl(fd, TIOCGWINSZ, &window) != 0) {
    return {};
  }
  return window;
}

}  // namespace

bool wants_colour(int fd) {
  const char* const no_colour = std::getenv("NO_COLOR");
  return is_screen(fd) && (no_colour == nullptr || *no_colour == '\0');
}

bool is_screen(int fd) {
  const char* const terminal = std::getenv("TERM");
  return ::isatty(fd) == 1 && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

ScreenSize screen_size(int fd) {
  const winsize window = window_of(fd);
  const ScreenSize usual;
  return {
      .columns = window.ws_col > 0
                     ? window.ws_col
                     : number_in_environment("COLUMNS").value_or(usual.columns),
      .lines = window.ws_row > 0
                   ? window.ws_row
                   : number_in_environment("LINES").value_or(usual.lines)};
}

std::optional<std::size_t> table_width(int fd) {
  if (const auto preference = number_in_environment("COLUMNS")) {
    return preference;
  }
  return ::isatty(fd) == 1 ? std::optional(screen_size(fd).columns)
                           : std::nullopt;
}

Result<bool> write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EPIPE) {
      return false;
    } else if (errno != EINTR) {
      return system_error("write", "standard output", errno);
    }
  }
  return true;
}

}  // namespace ssh_keepalive
