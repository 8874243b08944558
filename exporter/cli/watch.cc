#include "exporter/cli/watch.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>

namespace ssh_keepalive {
namespace {

using SteadyClock = std::chrono::steady_clock;

// ECMA-48, and DEC's private modes that every terminal of today has.
constexpr std::string_view kClear = "\033[H\033[2J";
constexpr std::string_view kHome = "\033[H";
constexpr std::string_view kClearToEndOfLine = "\033[K";
constexpr std::string_view kClearBelow = "\033[J";
constexpr std::string_view kHideCursor = "\033[?25l";
constexpr std::string_view kShowCursor = "\033[?25h";

// The signals that watch() waits for, blocked while this lives.
class Signals {
 public:
  Signals() {
    ::sigemptyset(&set_);
    for (const int signal :
         {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH}) {
      ::sigaddset(&set_, signal);
    }
    ::pthread_sigmask(SIG_BLOCK, &set_, &before_);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  Signals(Signals&&) = delete;
  Signals& operator=(Signals&&) = delete;
  ~Signals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  // The signal, or 0 where none came in time.
  [[nodiscard]] int wait_until(SteadyClock::time_point deadline) const {
    using std::chrono::nanoseconds;
    const auto left =
        std::max<nanoseconds>(deadline - SteadyClock::now(), nanoseconds(0));
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    const timespec timeout = {.tv_sec = seconds.count(),
                              .tv_nsec = (left - seconds).count()};
    return std::max(::sigtimedwait(&set_, nullptr, &timeout), 0);
  }

 private:
  sigset_t set_{};
  sigset_t before_{};
};

// Draws over what is there: no flicker, as a cleared screen would make.
class Screen {
 public:
  explicit Screen(int fd) : fd_(fd) {}
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;
  Screen(Screen&&) = delete;
  Screen& operator=(Screen&&) = delete;
  ~Screen() { give_back(); }

  Result<bool> draw(const DrawScreen& draw_lines) {
    const ScreenSize size = screen_size(fd_);
    std::string frame;
    if (!taken_ || size.columns != drawn_.columns ||
        size.lines != drawn_.lines) {
      frame += kHideCursor;
      frame += kClear;
    }
    frame += kHome;
    std::vector<std::string> lines = draw_lines(size);
    lines.resize(std::min(lines.size(), size.lines));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      // A line break behind the last line would scroll.
      frame += i == 0 ? "" : "\r\n";
      frame += lines[i];
      frame += kClearToEndOfLine;
    }
    frame += kClearBelow;
    taken_ = true;
    drawn_ = size;
    return write_all(fd_, frame);
  }

  void give_back() {
    if (taken_) {
      // A terminal that is gone needs no cursor.
      static_cast<void>(write_all(fd_, kShowCursor).ok());
      static_cast<void>(write_all(fd_, "\r\n").ok());
    }
    taken_ = false;
  }

 private:
  int fd_;
  bool taken_ = false;
  ScreenSize drawn_;
};

Result<void> watch_screen(int fd, std::chrono::nanoseconds interval,
                          const Watched& watched) {
  const Signals signals;
  Screen screen(fd);
  while (true) {
    const SteadyClock::time_point next = SteadyClock::now() + interval;
    watched.look();
    int signal = SIGWINCH;
    while (signal == SIGWINCH || signal == SIGTSTP) {
      if (signal == SIGTSTP) {
        screen.give_back();
        ::raise(SIGSTOP);
      }
      const Result<bool> drawn = screen.draw(watched.screen);
      if (!drawn.ok()) {
        return drawn.error();
      }
      if (!*drawn) {
        return {};
      }
      signal = signals.wait_until(next);
    }
    if (signal != 0) {
      return {};
    }
  }
}

Result<void> watch_stream(int fd, std::chrono::nanoseconds interval,
                          const Watched& watched) {
  const Signals signals;
  while (true) {
    const SteadyClock::time_point next = SteadyClock::now() + interval;
    watched.look();
    const Result<bool> written = write_all(fd, watched.text());
    if (!written.ok()) {
      return written.error();
    }
    if (!*written) {
      return {};
    }
    int signal = signals.wait_until(next);
    while (signal == SIGWINCH || signal == SIGTSTP) {
      if (signal == SIGTSTP) {
        ::raise(SIGSTOP);
      }
      signal = signals.wait_until(next);
    }
    if (signal != 0) {
      return {};
    }
  }
}

}  // namespace

Result<void> watch(int fd, std::chrono::nanoseconds interval,
                   const Watched& watched) {
  return is_screen(fd) && watched.screen != nullptr
             ? watch_screen(fd, interval, watched)
             : watch_stream(fd, interval, watched);
}

}  // namespace ssh_keepalive
