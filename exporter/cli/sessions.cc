#include "exporter/cli/sessions.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "exporter/cli/duration_text.h"

namespace ssh_keepalive {
namespace {

using sessions::Facts;
using sessions::Keepalive;
using sessions::Session;
using sessions::Source;
using sessions::TcpState;
using sessions::Timer;
using sessions::TimerKind;

// The greater, the less it is in danger.
enum class Risk {
  kPeerSilent,   // unanswered probes or retransmissions
  kPeerLeft,     // closed by the peer, held here
  kPeerStuck,    // the peer takes no more data
  kUnrefreshed,  // the kernel sends no probes
  kUnclear,
  kNone,
};

Risk risk_of(const Session& session) {
  if (is_probing(session) || is_retransmitting(session)) {
    return Risk::kPeerSilent;
  }
  if (session.socket.state == TcpState::kCloseWait) {
    return Risk::kPeerLeft;
  }
  if (session.socket.timer.kind == TimerKind::kZeroWindow) {
    return Risk::kPeerStuck;
  }
  switch (session.keepalive) {
    case Keepalive::kOff:
      return Risk::kUnrefreshed;
    case Keepalive::kHidden:
      return Risk::kUnclear;
    case Keepalive::kOn:
      break;
  }
  return Risk::kNone;
}

std::vector<Session> by_risk(std::vector<Session> all) {
  const auto order = [](const Session& session) {
    return std::tuple(risk_of(session),
                      -sessions::wire_silence_at_most(session)
                           .value_or(sessions::milliseconds(0))
                           .count(),
                      session.socket.peer, session.socket.local);
  };
  std::sort(all.begin(), all.end(), [&](const Session& a, const Session& b) {
    return order(a) < order(b);
  });
  return all;
}

double in_seconds(sessions::milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

// JSON ---------------------------------------------------------------------

// Unique on this host while the session lives, and equal to the number that
// /proc/PID/fd shows for its socket.
std::string id_of(const sessions::Socket& socket) {
  return socket.inode != 0
             ? fmt::format("{}", socket.inode)
             : fmt::format("cookie-{}", socket.cookie.value_or(0));
}

nlohmann::ordered_json timer_json(const Timer& timer) {
  nlohmann::ordered_json json = {{"kind", name_of(timer.kind)},
                                 {"expires_seconds", nullptr},
                                 {"unanswered", timer.unanswered}};
  if (timer.kind != TimerKind::kNone) {
    json["expires_seconds"] = in_seconds(timer.expires);
  }
  return json;
}

nlohmann::ordered_json session_json(const Session& session) {
  const auto silence = sessions::wire_silence_at_most(session);
  const nlohmann::ordered_json unknown_time = {
      {"kind", "unknown"}, {"by", nullptr}, {"source", nullptr}};
  nlohmann::ordered_json json = {
      {"id", id_of(session.socket)},
      {"role", name_of(session.role)},
      {"phase", name_of(session.phase)},
      {"netns", "host"},
      {"local", to_string(session.socket.local)},
      {"peer", to_string(session.socket.peer)},
      {"user", nullptr},
      {"tty", nullptr},
      {"pid", nullptr},
      {"process", nullptr},
      {"implementation", nullptr},
      {"state", name_of(session.socket.state)},
      {"age_seconds", nullptr},
      {"wire_silence_at_most_seconds", nullptr},
      {"keepalive", name_of(session.keepalive)},
      {"timer", timer_json(session.socket.timer)},
      {"outdated", nlohmann::ordered_json::array()},
      {"observed_refresh", nullptr},
      {"refresh", unknown_time},
      {"dead_peer", unknown_time},
      {"fate", {{"kind", "unknown"}, {"by", nullptr}}},
  };
  if (silence) {
    json["wire_silence_at_most_seconds"] = in_seconds(*silence);
  }
  return json;
}

void print_json(const std::vector<Session>& all, std::ostream& out) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Session& session : all) {
    list.push_back(session_json(session));
  }
  const nlohmann::ordered_json document = {{"version", 1}, {"sessions", list}};
  out << document.dump(2) << '\n';
}

// Text ---------------------------------------------------------------------

std::string times(std::uint32_t count, std::string_view one,
                  std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string timer_text(const Timer& timer) {
  const std::string expires = duration_text(in_seconds(timer.expires));
  switch (timer.kind) {
    case TimerKind::kKeepalive:
      return timer.unanswered == 0
                 ? fmt::format("probe in {}", expires)
                 : fmt::format("{} unanswered, next in {}",
                               times(timer.unanswered, "probe", "probes"),
                               expires);
    case TimerKind::kRetransmit:
      return timer.unanswered == 0
                 ? "waits for an ACK"
                 : fmt::format("sent again {}, next in {}",
                               times(timer.unanswered, "time", "times"),
                               expires);
    case TimerKind::kZeroWindow:
      return fmt::format("peer takes no data, probe in {}", expires);
    case TimerKind::kNone:
    case TimerKind::kOther:
      break;
  }
  return "none";
}

using Row = std::array<std::string, 7>;

Row row_of(const Session& session) {
  const auto silence = sessions::wire_silence_at_most(session);
  return {std::string(name_of(session.role)),
          to_string(session.socket.peer),
          to_string(session.socket.local),
          std::string(name_of(session.socket.state)),
          std::string(name_of(session.keepalive)),
          timer_text(session.socket.timer),
          silence ? duration_text(in_seconds(*silence)) : "unknown"};
}

constexpr std::string_view kRed = "\033[31m";
constexpr std::string_view kYellow = "\033[33m";
constexpr std::string_view kPlain = "\033[0m";

std::string_view colour_of(Risk risk) {
  switch (risk) {
    case Risk::kPeerSilent:
    case Risk::kPeerLeft:
      return kRed;
    case Risk::kPeerStuck:
    case Risk::kUnrefreshed:
      return kYellow;
    case Risk::kUnclear:
    case Risk::kNone:
      break;
  }
  return {};
}

void print_table(const std::vector<Session>& all, bool colour,
                 std::ostream& out) {
  std::vector<Row> rows = {{"ROLE", "PEER", "LOCAL", "STATE", "KEEPALIVE",
                            "TIMER", "SILENT AT MOST"}};
  std::vector<std::string_view> colours = {{}};
  for (const Session& session : all) {
    rows.push_back(row_of(session));
    colours.push_back(colour ? colour_of(risk_of(session))
                             : std::string_view());
  }
  std::array<std::size_t, std::tuple_size_v<Row>> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths.at(i) = std::max(widths.at(i), row.at(i).size());
    }
  }
  for (std::size_t line = 0; line < rows.size(); ++line) {
    out << colours[line];
    const Row& row = rows[line];
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      out << fmt::format("{:<{}}  ", row.at(i), widths.at(i));
    }
    out << row.back() << (colours[line].empty() ? "" : kPlain) << '\n';
  }
}

std::string listening_text(const Facts& facts) {
  if (facts.listening_ports.empty()) {
    return "Nothing listens on a port of SSH.";
  }
  return fmt::format("This host listens on port {}.",
                     fmt::join(facts.listening_ports, ", "));
}

void print_text(const std::vector<Session>& all, const Facts& facts,
                bool colour, std::ostream& out) {
  if (facts.source == Source::kNone) {
    out << "Nothing is known of SSH connections: this host's sockets can not "
           "be read.\n";
    return;
  }
  if (all.empty()) {
    out << "No SSH connections. " << listening_text(facts) << '\n';
    return;
  }
  print_table(all, colour, out);
  if (facts.source == Source::kProcNetTcp) {
    out << "\nRead from /proc/net/tcp, which does not tell how silent they "
           "are.\n";
  }
}

}  // namespace

bool wants_colour(int fd) {
  const char* const no_colour = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  return ::isatty(fd) == 1 && (no_colour == nullptr || *no_colour == '\0') &&
         terminal != nullptr && std::string_view(terminal) != "dumb";
}

void print_sessions(const SessionsOptions& options, const Facts& facts,
                    std::ostream& out) {
  const std::vector<Session> ordered = by_risk(facts.sessions);
  if (options.format == OutputFormat::kJson) {
    print_json(ordered, out);
  } else {
    print_text(ordered, facts, options.colour, out);
  }
}

}  // namespace ssh_keepalive
