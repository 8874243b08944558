// What standard output is, and writing to it.
#ifndef SSH_KEEPALIVE_EXPORTER_CLI_TERMINAL_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_TERMINAL_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "collectors/base/result.h"

namespace ssh_keepalive {

// Whether what goes to that file descriptor may have colours: a terminal that
// can show them, and a user who has not set NO_COLOR (no-color.org).
bool wants_colour(int fd);

// Whether it is a terminal on which a cursor can be moved.
bool is_screen(int fd);

struct ScreenSize {
  std::size_t columns = 80;
  std::size_t lines = 24;
};

// Of a terminal, as it is now; COLUMNS and LINES where it does not tell.
ScreenSize screen_size(int fd);

// How wide a table may be there: COLUMNS where that is set (POSIX: the user's
// preference), else the terminal's width. Nothing: as wide as it gets, as for
// a file or a pipe.
std::optional<std::size_t> table_width(int fd);

// Writes all of it. False: the reader has gone, which is its good right.
Result<bool> write_all(int fd, std::string_view text);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_TERMINAL_H_
