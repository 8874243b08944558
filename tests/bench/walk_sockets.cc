// walk_sockets PORT ROUNDS: prints, for each round, the milliseconds of the
// bare kernel walk (ask, receive, look at nothing), of dump_sockets and of a
// whole collection, and how many sockets the latter two found.
#include <chrono>
#include <cstdio>
#include <vector>

#include "collectors/base/number.h"
#include "collectors/sessions/sessions.h"
#include "collectors/sessions/sock_diag.h"
#include "collectors/sessions/socket_table.h"

namespace ssh_keepalive::sessions {
namespace {

template <typename Action>
double timed_milliseconds(Action&& action) {
  const auto start = std::chrono::steady_clock::now();
  action();
  return std::chrono::duration<double, std::milli>(
             std::chrono::steady_clock::now() - start)
      .count();
}

// The last datagram of a dump begins with NLMSG_DONE, or ends with it.
Result<bool> skip(std::span<const std::byte> datagram) {
  constexpr std::size_t kDoneBytes = 20;
  constexpr std::byte kDone{3};
  return datagram[4] != kDone &&
         datagram[datagram.size() - kDoneBytes + 4] != kDone;
}

int run(std::uint16_t port, int rounds) {
  const std::vector<std::uint16_t> ports = {port};
  const std::vector<std::byte> request =
      encode_dump_request(DumpKind::kBothFamilies, Selection(PortSet(ports)));
  const HostRoot root = HostRoot::live();
  for (int i = 0; i < rounds; ++i) {
    bool walked = true;
    const double bare = timed_milliseconds(
        [&] { walked = kernel_exchange(request, skip).ok(); });
    std::size_t sockets = 0;
    const double dump = timed_milliseconds([&] {
      const Result<SocketTable> table =
          dump_sockets(kernel_exchange, Selection(PortSet(ports)));
      sockets = table.ok() ? table->sockets.size() : 0;
    });
    Facts facts;
    const double whole = timed_milliseconds([&] {
      const std::vector<Error> errors =
          collect(root, ports, kernel_exchange, nullptr, {}, facts);
      walked = walked && errors.empty();
    });
    if (!walked) {
      std::fputs("walk_sockets: netlink failed\n", stderr);
      return 1;
    }
    std::printf("%.3f %.3f %.3f %zu %zu\n", bare, dump, whole, sockets,
                facts.sessions.size());
  }
  return 0;
}

}  // namespace
}  // namespace ssh_keepalive::sessions

int main(int argc, char** argv) {
  using ssh_keepalive::parse_integer;
  const std::vector<const char*> arguments(argv, argv + argc);
  const auto port =
      parse_integer<std::uint16_t>(arguments.size() == 3 ? arguments[1] : "");
  const auto rounds =
      parse_integer<int>(arguments.size() == 3 ? arguments[2] : "");
  if (!port || !rounds) {
    std::fputs("usage: walk_sockets PORT ROUNDS\n", stderr);
    return 64;
  }
  return ssh_keepalive::sessions::run(*port, *rounds);
}
