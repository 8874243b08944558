#include "exporter/http/drain.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace ssh_keepalive::http {
namespace {

std::optional<std::uint16_t> local_port(int descriptor) {
  sockaddr_storage address{};
  socklen_t length = sizeof(address);
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address),
                    &length) != 0) {
    return std::nullopt;  // no socket
  }
  if (address.ss_family == AF_INET) {
    sockaddr_in ipv4{};
    std::memcpy(&ipv4, &address, sizeof(ipv4));
    return ntohs(ipv4.sin_port);
  }
  if (address.ss_family == AF_INET6) {
    sockaddr_in6 ipv6{};
    std::memcpy(&ipv6, &address, sizeof(ipv6));
    return ntohs(ipv6.sin6_port);
  }
  return std::nullopt;
}

bool is_listening(int descriptor) {
  int value = 0;
  socklen_t length = sizeof(value);
  return ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &value, &length) ==
             0 &&
         value != 0;
}

// The open sockets with one of these ports; empty where that cannot be told.
std::vector<int> sockets_on(const std::set<std::uint16_t>& ports) {
  std::vector<int> found;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end;
       !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    int descriptor = -1;
    std::from_chars(name.data(), name.data() + name.size(), descriptor);
    const std::optional<std::uint16_t> port = local_port(descriptor);
    if (port && ports.contains(*port)) {
      found.push_back(descriptor);
    }
  }
  return found;
}

}  // namespace

void drain(const std::set<std::uint16_t>& ports,
           std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds kStep{5};
  std::set<int> listeners;
  for (const int descriptor : sockets_on(ports)) {
    // They stay open, and keep their numbers, until the server closes them.
    if (is_listening(descriptor)) {
      ::shutdown(descriptor, SHUT_RD);
      listeners.insert(descriptor);
    }
  }
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const auto has_clients = [&] {
    return std::ranges::any_of(sockets_on(ports), [&](int descriptor) {
      return !listeners.contains(descriptor);
    });
  };
  while (has_clients() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(kStep);
  }
}

}  // namespace ssh_keepalive::http
