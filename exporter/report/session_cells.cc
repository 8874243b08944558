#include "exporter/report/session_cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "exporter/report/printable.h"

namespace ssh_keepalive {
namespace {

using diagnosis::FateKind;
using sessions::milliseconds;
using sessions::Owner;
using sessions::Phase;
using sessions::Session;
using sessions::TcpState;
using sessions::Timer;
using sessions::TimerKind;

std::string user_text(const Session& session) {
  if (session.phase == Phase::kPreauth) {
    return "[preauth]";
  }
  return session.owner ? printable_word(session.owner->user) : "-";
}

std::string keepalive_text(const Session& session) {
  return session.outdated_sysctl.value_or(false)
             ? "outdated"
             : std::string(name_of(session.keepalive));
}

std::string timer_text(const Timer& timer) {
  const std::string expires = short_duration(timer.expires);
  switch (timer.kind) {
    case TimerKind::kKeepalive:
      return timer.unanswered == 0 ? fmt::format("probe in {}", expires)
                                   : fmt::format("{} unanswered, next in {}",
                                                 timer.unanswered, expires);
    case TimerKind::kRetransmit:
      return timer.unanswered == 0 ? "waits for an ACK"
                                   : fmt::format("resent {}x, next in {}",
                                                 timer.unanswered, expires);
    case TimerKind::kZeroWindow:
      return fmt::format("window full, next in {}", expires);
    case TimerKind::kNone:
    case TimerKind::kOther:
      break;
  }
  return "-";
}

milliseconds to_milliseconds(diagnosis::Seconds time) {
  constexpr diagnosis::Seconds kLongest{1e12};
  return std::chrono::round<milliseconds>(std::min(time, kLongest));
}

std::string time_text(const std::optional<diagnosis::TimeOfLayer>& time) {
  return time ? short_range(time->time) : "-";
}

std::string fate_text(const diagnosis::Fate& fate) {
  const std::string when = fate.time ? " in " + short_range(*fate.time) : "";
  const std::string by = fate.by ? fmt::format(" ({})", name_of(*fate.by)) : "";
  switch (fate.kind) {
    case FateKind::kIntact:
      return "intact";
    case FateKind::kLostByPath:
      return "lost" + when;
    case FateKind::kIdleKill:
      return "ends" + when + by;
    case FateKind::kDying:
      return "dies" + when + by;
    case FateKind::kUnknown:
      break;
  }
  return "-";
}

}  // namespace

const Row& column_titles() {
  static const Row titles = {"ROLE",      "NETNS", "USER",     "TTY",
                             "PID",       "PEER",  "LOCAL",    "STATE",
                             "KEEPALIVE", "TIMER", "SILENT<=", "REFRESH",
                             "DEAD PEER", "FATE"};
  return titles;
}

Row cells_of(const diagnosis::JudgedSession& judged) {
  const Session& session = judged.session;
  const auto silence = sessions::wire_silence_at_most(session);
  const Owner* const owner = session.owner ? &*session.owner : nullptr;
  Row cells;
  cells.fill("-");
  cells[kRole] = name_of(session.role);
  cells[kNetns] = session.netns.text();
  cells[kUser] = user_text(session);
  if (owner != nullptr) {
    cells[kTty] = printable_word(owner->tty);
    cells[kPid] = owner->pid > 0 ? fmt::format("{}", owner->pid) : "-";
  }
  cells[kPeer] = to_string(session.socket.peer);
  cells[kLocal] = to_string(session.socket.local);
  cells[kState] = session.socket.state == TcpState::kEstablished
                      ? "estab"
                      : std::string(name_of(session.socket.state));
  cells[kKeepalive] = keepalive_text(session);
  cells[kTimer] = timer_text(session.socket.timer);
  cells[kSilent] = silence ? short_duration(*silence) : "-";
  cells[kRefresh] = time_text(judged.verdict.refresh);
  cells[kDeadPeer] = time_text(judged.verdict.dead_peer);
  cells[kFate] = fate_text(judged.verdict.fate);
  return cells;
}

std::string short_duration(milliseconds time) {
  using std::chrono::seconds;
  if (time < seconds(1)) {
    return time == milliseconds(0) ? "0s" : fmt::format("{}ms", time.count());
  }
  if (time < seconds(10)) {
    // Down, as a clock shows it: 9.99 s are not 10.0 yet.
    return fmt::format("{}.{}s", time.count() / 1000,
                       time.count() % 1000 / 100);
  }
  const auto whole = std::chrono::floor<seconds>(time).count();
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  if (whole < kMinute) {
    return fmt::format("{}s", whole);
  }
  if (whole < kHour) {
    return fmt::format("{}m{:02}s", whole / kMinute, whole % kMinute);
  }
  if (whole < kDay) {
    return fmt::format("{}h{:02}m", whole / kHour, whole % kHour / kMinute);
  }
  return fmt::format("{}d{:02}h", whole / kDay, whole % kDay / kHour);
}

std::string short_range(const diagnosis::TimeRange& range) {
  if (range.is_never()) {
    return "never";
  }
  std::string from = short_duration(to_milliseconds(range.earliest));
  if (range.latest == diagnosis::kNever) {
    return ">=" + from;
  }
  const std::string until = short_duration(to_milliseconds(range.latest));
  if (from == until) {
    return from;
  }
  return range.earliest == diagnosis::Seconds(0) ? "<=" + until
                                                 : from + "-" + until;
}

std::string cut_to(std::string text, std::size_t width) {
  constexpr std::string_view kCut = "..";
  if (text.size() > width && width > kCut.size()) {
    // An address is known by its beginning, and by the port at its end.
    const std::size_t kept = width - kCut.size();
    const std::size_t end = kept / 2;
    text.replace(kept - end, text.size() - kept, kCut);
  }
  return text;
}

}  // namespace ssh_keepalive
