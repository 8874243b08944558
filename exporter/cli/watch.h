// `--watch`: the same again and again, until somebody has seen enough.
#ifndef SSH_KEEPALIVE_EXPORTER_CLI_WATCH_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_WATCH_H_

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "collectors/base/result.h"
#include "exporter/cli/terminal.h"

namespace ssh_keepalive {

// On a terminal: the lines of one screen of that size, at most as many as it
// has. Everywhere else the text goes out as it is.
using DrawScreen = std::function<std::vector<std::string>(const ScreenSize&)>;
using MakeText = std::function<std::string()>;

struct Watched {
  std::function<void()> look;  // called before each of the other two
  DrawScreen screen;
  MakeText text;
};

// Looks and shows, `interval` from one look to the next, until SIGINT,
// SIGTERM, SIGHUP or SIGQUIT, or until the reader of `fd` goes away. A screen
// is drawn over the one before, anew when its size changes, and its cursor is
// given back at the end and while the program is stopped. It blocks those
// signals in the calling thread. Error: of writing.
Result<void> watch(int fd, std::chrono::nanoseconds interval,
                   const Watched& watched);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_WATCH_H_
