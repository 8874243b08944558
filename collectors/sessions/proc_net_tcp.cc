#include "collectors/sessions/proc_net_tcp.h"

#include <array>
#include <charconv>
#include <cstring>

namespace ssh_keepalive::sessions {
namespace {

// The columns of a line, from the left. The kernel prints more behind them;
// sockets without a process end here or soon after.
enum Column : std::size_t {
  kLocal = 1,
  kPeer,
  kState,
  kQueues,
  kTimer,
  kRetransmits,
  kUid,
  kProbes,
  kInode,
  kColumns,
};

// Times are in USER_HZ ticks, 100 per second on every Linux architecture
// that Debian has.
constexpr std::int64_t kMillisecondsPerTick = 10;

template <typename T>
std::optional<T> parse_number(std::string_view text, int base) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc{} || stop != end || text.starts_with('-')) {
    return std::nullopt;
  }
  return value;
}

template <typename T>
bool parse_hexadecimal(std::string_view text, T& value) {
  const std::optional<T> parsed = parse_number<T>(text, 16);
  value = parsed.value_or(T{});
  return parsed.has_value();
}

// Cuts the next word off `rest`; empty at the end.
std::string_view next_word(std::string_view& rest) {
  const std::size_t begin = std::min(rest.find_first_not_of(' '), rest.size());
  const std::size_t end = std::min(rest.find(' ', begin), rest.size());
  const std::string_view word = rest.substr(begin, end - begin);
  rest.remove_prefix(end);
  return word;
}

// "0100007F:0016": each 32-bit word of the address is printed as this
// machine's number, so that its bytes in memory are in network order again.
bool parse_endpoint(AddressFamily family, std::string_view text,
                    Endpoint& endpoint) {
  constexpr std::size_t kWordDigits = 8;
  const std::size_t words = family == AddressFamily::kIpv4 ? 1 : 4;
  const std::size_t digits = words * kWordDigits;
  if (text.size() != digits + 5 || text[digits] != ':') {
    return false;
  }
  endpoint.family = family;
  for (std::size_t i = 0; i < words; ++i) {
    std::uint32_t word = 0;
    if (!parse_hexadecimal(text.substr(i * kWordDigits, kWordDigits), word)) {
      return false;
    }
    std::memcpy(endpoint.address.data() + i * sizeof word, &word, sizeof word);
  }
  if (!parse_hexadecimal(text.substr(digits + 1), endpoint.port)) {
    return false;
  }
  endpoint = unmap_ipv4(endpoint);
  return true;
}

TimerKind to_timer_kind(unsigned tr) {
  switch (tr) {
    case 0:
      return TimerKind::kNone;
    case 1:
      return TimerKind::kRetransmit;
    case 2:
      return TimerKind::kKeepalive;
    case 4:
      return TimerKind::kZeroWindow;
    default:
      return TimerKind::kOther;
  }
}

// "02:000AFC5D": kind and time to the next tick.
bool parse_timer(std::string_view text, Timer& timer) {
  // Longer ones would be more than 136 years.
  constexpr std::size_t kMaxTickDigits = 10;
  unsigned kind = 0;
  std::uint64_t ticks = 0;
  if (text.size() < 4 || text.size() > 3 + kMaxTickDigits || text[2] != ':' ||
      !parse_hexadecimal(text.substr(0, 2), kind) ||
      !parse_hexadecimal(text.substr(3), ticks)) {
    return false;
  }
  timer.kind = to_timer_kind(kind);
  timer.expires =
      milliseconds(static_cast<std::int64_t>(ticks) * kMillisecondsPerTick);
  return true;
}

bool is_wanted(unsigned state) {
  return state == static_cast<unsigned>(TcpState::kEstablished) ||
         state == static_cast<unsigned>(TcpState::kCloseWait) ||
         state == static_cast<unsigned>(TcpState::kListen);
}

Error malformed(std::string reason) {
  return {.kind = ErrorKind::kInvalid,
          .attempted = "parse",
          .subject = "",
          .reason = std::move(reason)};
}

}  // namespace

bool is_proc_net_tcp_header(std::string_view line) {
  return next_word(line) == "sl" && next_word(line) == "local_address";
}

Result<std::optional<Socket>> parse_proc_net_tcp_line(
    AddressFamily family, std::string_view line, const Selection& selection) {
  std::array<std::string_view, kColumns> columns;
  for (std::string_view& column : columns) {
    column = next_word(line);
  }
  if (columns[kInode].empty()) {
    return malformed("too few columns");
  }
  Socket socket;
  socket.family = family;
  unsigned state = 0;
  if (!parse_endpoint(family, columns[kLocal], socket.local) ||
      !parse_endpoint(family, columns[kPeer], socket.peer) ||
      !parse_hexadecimal(columns[kState], state)) {
    return malformed("no address or state where one is expected");
  }
  socket.state = static_cast<TcpState>(state);
  if (!is_wanted(state) ||
      !selection.has(socket.state, socket.local.port, socket.peer.port)) {
    return std::optional<Socket>();
  }
  const auto retransmits =
      parse_number<std::uint32_t>(columns[kRetransmits], 16);
  const auto probes = parse_number<std::uint32_t>(columns[kProbes], 10);
  const auto uid = parse_number<std::uint32_t>(columns[kUid], 10);
  const auto inode = parse_number<std::uint64_t>(columns[kInode], 10);
  if (!parse_timer(columns[kTimer], socket.timer) || !retransmits || !probes ||
      !uid || !inode) {
    return malformed("no timer, owner or inode where one is expected");
  }
  socket.timer.unanswered =
      socket.timer.kind == TimerKind::kRetransmit ? *retransmits : *probes;
  socket.uid = *uid;
  socket.inode = *inode;
  return std::optional<Socket>(socket);
}

}  // namespace ssh_keepalive::sessions
