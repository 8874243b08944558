#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "collectors/base/unique_fd.h"
#include "collectors/sessions/proc_net_tcp.h"
#include "collectors/sessions/socket_table.h"

namespace ssh_keepalive::sessions {
namespace {

// These files have one line of about 150 bytes per socket of the host, so
// they are read piece by piece. The limit is more than a million sockets.
constexpr std::size_t kMaxReadBytes = std::size_t{256} << 20;
constexpr std::size_t kBufferBytes = std::size_t{64} << 10;
constexpr std::size_t kMaxLineBytes = 512;

struct ProcFile {
  std::string_view path;
  // The same file, but of the calling thread's namespace: the other one is
  // that of the process's first thread.
  std::string_view path_by_thread;
  AddressFamily family;
};

constexpr ProcFile kTcp = {"/proc/net/tcp", "/proc/thread-self/net/tcp",
                           AddressFamily::kIpv4};
constexpr ProcFile kTcp6 = {"/proc/net/tcp6", "/proc/thread-self/net/tcp6",
                            AddressFamily::kIpv6};

Error error_at(const ProcFile& file, std::size_t line, ErrorKind kind,
               std::string reason) {
  return {.kind = kind,
          .attempted = "parse",
          .subject = std::string(file.path) + ":" + std::to_string(line),
          .reason = std::move(reason)};
}

// A regular file only: the tree may be hostile, and opening a device can have
// effects.
Result<UniqueFd> open_regular(const HostRoot& root, const ProcFile& file) {
  Result<UniqueFd> handle = root.open_path(
      root.has_running_kernel() ? file.path_by_thread : file.path, O_PATH);
  if (!handle.ok()) {
    return handle;
  }
  struct stat status {};
  if (::fstat(handle->get(), &status) != 0) {
    return system_error("stat", std::string(file.path), errno);
  }
  if (!S_ISREG(status.st_mode)) {
    return Error{.kind = ErrorKind::kInvalid,
                 .attempted = "open",
                 .subject = std::string(file.path),
                 .reason = "not a regular file"};
  }
  const std::string reopened = "/proc/self/fd/" + std::to_string(handle->get());
  UniqueFd fd(::open(reopened.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd.valid()) {
    return system_error("open", std::string(file.path), errno);
  }
  return fd;
}

// Turns lines into sockets of `table`.
class LineParser {
 public:
  LineParser(const ProcFile& file, const Selection& selection,
             SocketTable& table)
      : file_(file), selection_(selection), table_(table) {}

  Result<void> parse(std::string_view line) {
    ++line_;
    if (line_ == 1) {
      return is_proc_net_tcp_header(line)
                 ? Result<void>()
                 : error_at(file_, line_, ErrorKind::kInvalid,
                            "not the column titles of this file");
    }
    const Result<std::optional<Socket>> socket =
        parse_proc_net_tcp_line(file_.family, line, selection_);
    if (!socket.ok()) {
      return error_at(file_, line_, ErrorKind::kInvalid, socket.error().reason);
    }
    if (!*socket) {
      return {};
    }
    if (table_.sockets.size() == kMaxSockets) {
      table_.incomplete =
          error_at(file_, line_, ErrorKind::kLimit,
                   "more than " + std::to_string(kMaxSockets) + " are wanted");
      return {};
    }
    table_.sockets.push_back(**socket);
    return {};
  }

  // At the end of the file: `rest` is what no line break followed.
  Result<void> finish(std::string_view rest) const {
    if (line_ == 0 && rest.empty()) {
      return error_at(file_, 1, ErrorKind::kInvalid, "the file is empty");
    }
    return rest.empty() ? Result<void>()
                        : error_at(file_, line_ + 1, ErrorKind::kInvalid,
                                   "the line is cut short");
  }

  Error failed(ErrorKind kind, std::string reason) const {
    return error_at(file_, line_ + 1, kind, std::move(reason));
  }

 private:
  const ProcFile& file_;
  const Selection& selection_;
  SocketTable& table_;
  std::size_t line_ = 0;
};

// Hands all complete lines of buffer[0, length) to the parser and moves what
// is left to the front; returns its length.
Result<std::size_t> parse_lines(std::string& buffer, std::size_t length,
                                LineParser& parser) {
  std::string_view rest = std::string_view(buffer).substr(0, length);
  while (true) {
    const std::size_t line_break = rest.find('\n');
    if (line_break == std::string_view::npos) {
      break;
    }
    const Result<void> parsed = parser.parse(rest.substr(0, line_break));
    if (!parsed.ok()) {
      return parsed.error();
    }
    rest.remove_prefix(line_break + 1);
  }
  if (rest.size() > kMaxLineBytes) {
    return parser.failed(ErrorKind::kInvalid, "the line is too long");
  }
  const std::size_t kept = rest.size();
  std::memmove(buffer.data(), rest.data(), kept);
  return kept;
}

Result<void> read_table(const HostRoot& root, const ProcFile& file,
                        const Selection& selection, SocketTable& table) {
  const Result<UniqueFd> fd = open_regular(root, file);
  if (!fd.ok()) {
    return fd.error();
  }
  LineParser parser(file, selection, table);
  std::string buffer(kBufferBytes, '\0');
  std::size_t kept = 0;
  std::size_t total = 0;
  while (true) {
    const ssize_t count =
        ::read(fd->get(), buffer.data() + kept, buffer.size() - kept);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return system_error("read", std::string(file.path), errno);
    }
    if (count == 0) {
      return parser.finish(std::string_view(buffer).substr(0, kept));
    }
    total += static_cast<std::size_t>(count);
    if (total > kMaxReadBytes) {
      return parser.failed(ErrorKind::kLimit,
                           "the file is larger than " +
                               std::to_string(kMaxReadBytes) + " bytes");
    }
    const Result<std::size_t> parsed =
        parse_lines(buffer, kept + static_cast<std::size_t>(count), parser);
    if (!parsed.ok()) {
      return parsed.error();
    }
    kept = *parsed;
  }
}

}  // namespace

Result<SocketTable> read_proc_net_tcp(const HostRoot& root,
                                      const Selection& selection) {
  SocketTable table;
  const Result<void> ipv4 = read_table(root, kTcp, selection, table);
  if (!ipv4.ok()) {
    return ipv4.error();
  }
  const Result<void> ipv6 = read_table(root, kTcp6, selection, table);
  if (!ipv6.ok() && ipv6.error().kind != ErrorKind::kAbsent) {
    return ipv6.error();
  }
  return table;
}

}  // namespace ssh_keepalive::sessions
