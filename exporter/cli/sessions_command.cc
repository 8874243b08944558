#include "exporter/cli/sessions_command.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <utility>

#include "exporter/cli/sessions.h"
#include "exporter/cli/terminal.h"
#include "exporter/cli/watch.h"
#include "exporter/policy.h"

namespace ssh_keepalive {
namespace {

class SessionsView {
 public:
  SessionsView(const SessionsCommand& command, const CollectorInput& input,
               int out)
      : command_(command), input_(input), out_(out) {}

  void look() {
    facts_ = {};
    // What it could not find out is said where the values are shown.
    collect_sysctl(input_, facts_);
    collect_host(input_, facts_);
    errors_ = collect_sessions(input_, facts_);
    report_ = diagnose(facts_, policy_of(command_.settings, facts_));
    looked_at_ = std::time(nullptr);
  }

  [[nodiscard]] std::string text() const {
    return sessions_text(
        {.format = command_.format,
         .layout = {.colour = wants_colour(out_), .width = table_width(out_)},
         .on_one_line = command_.watch_interval.has_value()},
        facts_, report_);
  }

  // Below a line with the time.
  [[nodiscard]] std::string text_of_many() {
    if (command_.format == OutputFormat::kJson) {
      return text();
    }
    return (std::exchange(is_first_, false) ? "" : "\n") + time_line() + '\n' +
           text();
  }

  [[nodiscard]] std::vector<std::string> screen(const ScreenSize& size) const {
    std::vector<std::string> lines = {time_line()};
    for (const Error& error : errors_) {
      lines.push_back(error.message());
    }
    for (std::string& line : lines) {
      line.resize(std::min(line.size(), size.columns));
    }
    const std::size_t left =
        std::max(size.lines, lines.size() + 1) - lines.size();
    std::ranges::move(
        sessions_screen({.colour = wants_colour(out_), .width = size.columns},
                        left, facts_, report_),
        std::back_inserter(lines));
    return lines;
  }

  [[nodiscard]] const std::vector<Error>& errors() const { return errors_; }

 private:
  [[nodiscard]] std::string time_line() const {
    const double seconds =
        std::chrono::duration<double>(*command_.watch_interval).count();
    return fmt::format("{:%Y-%m-%d %H:%M:%S}, every {:g} s",
                       fmt::localtime(looked_at_), seconds);
  }

  const SessionsCommand& command_;
  const CollectorInput& input_;
  int out_;
  Facts facts_;
  diagnosis::Report report_;
  std::vector<Error> errors_;
  std::time_t looked_at_ = 0;
  bool is_first_ = true;
};

Result<void> watch_sessions(SessionsView& view, const SessionsCommand& command,
                            int out, std::ostream& err) {
  Watched watched;
  watched.look = [&] { view.look(); };
  watched.text = [&, told = std::vector<Error>()]() mutable {
    if (view.errors() != told) {
      told = view.errors();
      for (const Error& error : told) {
        err << "ssh_keepalive_exporter: " << error.message() << std::endl;
      }
    }
    return view.text_of_many();
  };
  if (command.format == OutputFormat::kText) {
    watched.screen = [&](const ScreenSize& size) { return view.screen(size); };
  }
  return watch(out, *command.watch_interval, watched);
}

}  // namespace

std::vector<Error> run_sessions(const SessionsCommand& command,
                                const CollectorInput& input, int out,
                                std::ostream& err) {
  SessionsView view(command, input, out);
  Result<void> written;
  if (command.watch_interval) {
    written = watch_sessions(view, command, out, err);
  } else {
    view.look();
    const Result<bool> once = write_all(out, view.text());
    written = once.ok() ? Result<void>() : once.error();
  }
  std::vector<Error> errors = view.errors();
  if (!written.ok()) {
    errors.push_back(written.error());
  }
  return errors;
}

}  // namespace ssh_keepalive
