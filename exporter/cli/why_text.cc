#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collectors/netns/name.h"
#include "exporter/cli/why.h"
#include "exporter/report/printable.h"
#include "exporter/report/session_cells.h"

namespace ssh_keepalive {
namespace {

using diagnosis::ClosedBy;
using diagnosis::EndCause;
using diagnosis::SessionEnd;
using std::chrono::milliseconds;
using TimePoint = std::chrono::system_clock::time_point;

constexpr std::string_view kRed = "\033[31m";
constexpr std::string_view kYellow = "\033[33m";
constexpr std::string_view kPlain = "\033[0m";

// Red: nobody wanted it; yellow: a limit that somebody has set.
std::string_view colour_of(EndCause cause) {
  switch (cause) {
    case EndCause::kReset:
    case EndCause::kTcpKeepalive:
    case EndCause::kRetransmissionLimit:
    case EndCause::kSshKeepalive:
      return kRed;
    case EndCause::kChannelTimeout:
    case EndCause::kIdleKill:
      return kYellow;
    case EndCause::kClosed:
    case EndCause::kUnknown:
      break;
  }
  return {};
}

std::string cause_text(const SessionEnd& end, bool colour) {
  const std::string_view code = colour ? colour_of(end.cause) : "";
  const std::string name(name_of(end.cause));
  const std::string by = end.closed_by == ClosedBy::kPeer   ? ", by the peer"
                         : end.closed_by == ClosedBy::kHere ? ", by this end"
                                                            : "";
  return (code.empty() ? name : fmt::format("{}{}{}", code, name, kPlain)) + by;
}

// What that format makes of it on this machine's clock.
std::string local_time(const char* format, TimePoint time) {
  return fmt::format(
      fmt::runtime(format),
      fmt::localtime(std::chrono::system_clock::to_time_t(time)));
}

// A clock that was set back leaves ends that are yet to come.
std::string ago_text(TimePoint time, TimePoint now) {
  const auto ago = std::chrono::floor<milliseconds>(now - time);
  return ago < milliseconds(0) ? ""
                               : fmt::format(" ({} ago)", short_duration(ago));
}

std::string since_text(TimePoint time, TimePoint now) {
  constexpr std::chrono::days kOneWeekday{6};
  const bool is_recent = time <= now && now - time < kOneWeekday;
  return local_time(is_recent ? "{:%a %H:%M}" : "{:%Y-%m-%d %H:%M}", time);
}

std::string end_text(const SessionEnd& end, const WhyOptions& options) {
  std::string text = fmt::format(
      "\n{}{}  {}  {}  {}{}{}\n  {}\n",
      local_time("{:%Y-%m-%d %H:%M:%S}", end.ended_at),
      ago_text(end.ended_at, options.now), name_of(end.role),
      printable_word(end.user), printable_word(end.peer),
      end.netns == netns::kHost ? "" : "  in " + printable_word(end.netns),
      end.lasted ? "  lasted " + short_duration(*end.lasted) : "",
      cause_text(end, options.colour));
  for (const std::string& sentence : end.evidence) {
    text += fmt::format("    {}\n", printable_line(sentence));
  }
  if (!end.advice.empty()) {
    text += fmt::format("  would have been prevented by: {}\n",
                        printable_line(end.advice));
  }
  return text;
}

// The most frequent cause first.
std::string causes_text(const std::vector<SessionEnd>& ends) {
  std::vector<std::pair<std::ptrdiff_t, EndCause>> counts;
  for (const EndCause cause : diagnosis::kEndCauses) {
    const auto count = std::ranges::count(ends, cause, &SessionEnd::cause);
    if (count > 0) {
      counts.emplace_back(count, cause);
    }
  }
  std::ranges::stable_sort(
      counts, [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> words;
  words.reserve(counts.size());
  for (const auto& [count, cause] : counts) {
    words.push_back(fmt::format("{} {}", count, name_of(cause)));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string nothing_text(const WhyOptions& options, const StoredEnds& stored) {
  if (!stored.ends.empty()) {
    return fmt::format("no end of {} among the last {}\n",
                       printable_line(options.of), stored.ends.size());
  }
  return stored.since ? fmt::format("no session has ended since {}\n",
                                    since_text(*stored.since, options.now))
                      : "no session has ended yet\n";
}

}  // namespace

std::string ends_text(const WhyOptions& options, const StoredEnds& stored,
                      const std::vector<SessionEnd>& shown) {
  if (shown.empty()) {
    return nothing_text(options, stored);
  }
  std::string text = fmt::format(
      "{} end{} since {}: {}\n", shown.size(), shown.size() == 1 ? "" : "s",
      since_text(shown.back().ended_at, options.now), causes_text(shown));
  const std::size_t count =
      options.last == 0 ? shown.size() : std::min(options.last, shown.size());
  for (std::size_t i = 0; i < count; ++i) {
    text += end_text(shown[i], options);
  }
  if (count < shown.size()) {
    text += fmt::format("\n... and {} earlier (--last 0 shows all)\n",
                        shown.size() - count);
  }
  return text;
}

}  // namespace ssh_keepalive
