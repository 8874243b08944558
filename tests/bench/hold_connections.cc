// hold_connections PAIRS PORT: holds that many loopback connections with
// SO_KEEPALIVE, both ends, until its standard input ends. Prints "ready" when
// all are there. To be run in a network namespace of its own.
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <vector>

#include "collectors/base/number.h"
#include "collectors/base/unique_fd.h"

namespace ssh_keepalive {
namespace {

constexpr std::size_t kOtherFiles = 64;
constexpr std::size_t kMaxPairsPerProcess = 20'000;  // ports of one address

// Each process has an address of its own to connect to, so that the same
// local ports serve them all.
sockaddr_in address_of(std::size_t process, std::uint16_t port) {
  const auto host = 0x7F010001U + (static_cast<std::uint32_t>(process) << 8U);
  return {.sin_family = AF_INET,
          .sin_port = htons(port),
          .sin_addr = {htonl(host)}};
}

bool hold(const sockaddr_in& address, std::size_t pairs,
          std::vector<UniqueFd>& held) {
  // Addresses travel as their base type in socket calls.
  const auto* const where = reinterpret_cast<const sockaddr*>(&address);
  const int on = 1;
  const UniqueFd& listener =
      held.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int listening = listener.get();
  if (::setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(listening, where, sizeof address) != 0 ||
      ::listen(listening, 16) != 0) {
    return false;
  }
  for (std::size_t i = 0; i < pairs; ++i) {
    const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    held.emplace_back(client);
    if (client < 0 || ::connect(client, where, sizeof address) != 0) {
      return false;
    }
    const int server = ::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC);
    held.emplace_back(server);
    for (const int end : {client, server}) {
      if (::setsockopt(end, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) != 0) {
        return false;
      }
    }
  }
  return true;
}

// Never returns: holds `pairs` and writes one byte to `report` when it does.
[[noreturn]] void be_holder(std::size_t process, std::size_t pairs,
                            std::uint16_t port, int report) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::vector<UniqueFd> held;
  const char result = hold(address_of(process, port), pairs, held) ? 'y' : 'n';
  if (result == 'n') {
    std::perror("hold_connections");
  }
  if (::write(report, &result, 1) != 1) {
    ::_exit(1);
  }
  while (true) {
    ::pause();
  }
}

int run(std::size_t pairs, std::uint16_t port) {
  rlimit files = {};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  const std::size_t per_process =
      std::min(kMaxPairsPerProcess,
               (static_cast<std::size_t>(files.rlim_cur) - kOtherFiles) / 2);
  int ends[2] = {};
  if (::pipe(ends) != 0) {
    return 1;
  }
  std::size_t processes = 0;
  for (std::size_t left = pairs; left > 0; ++processes) {
    const std::size_t share = std::min(left, per_process);
    left -= share;
    const pid_t child = ::fork();
    if (child < 0) {
      std::perror("fork");
      return 1;
    }
    if (child == 0) {
      be_holder(processes, share, port, ends[1]);
    }
  }
  for (std::size_t i = 0; i < processes; ++i) {
    char result = 'n';
    if (::read(ends[0], &result, 1) != 1 || result != 'y') {
      return 1;
    }
  }
  std::puts("ready");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return 0;
}

}  // namespace
}  // namespace ssh_keepalive

int main(int argc, char** argv) {
  using ssh_keepalive::parse_integer;
  const std::vector<const char*> arguments(argv, argv + argc);
  const auto pairs =
      parse_integer<std::size_t>(arguments.size() == 3 ? arguments[1] : "");
  const auto port =
      parse_integer<std::uint16_t>(arguments.size() == 3 ? arguments[2] : "");
  if (!pairs || !port) {
    std::fputs("usage: hold_connections PAIRS PORT\n", stderr);
    return 64;
  }
  return ssh_keepalive::run(*pairs, *port);
}
