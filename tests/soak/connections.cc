#include "tests/soak/connections.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

namespace ssh_keepalive::soak {
namespace {

// As of a system call.
int checked(int result, const char* what) {
  if (result < 0) {
    throw std::system_error(errno, std::generic_category(), what);
  }
  return result;
}

UniqueFd tcp_socket() {
  return UniqueFd(
      checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

constexpr std::string_view kGreeting = "SSH-2.0-soak\r\n";

void send_greeting(const UniqueFd& from) {
  checked(static_cast<int>(
              ::send(from.get(), kGreeting.data(), kGreeting.size(), 0)),
          "send");
}

void greet(const UniqueFd& from, const UniqueFd& to) {
  send_greeting(from);
  std::array<char, kGreeting.size()> read{};
  checked(
      static_cast<int>(::recv(to.get(), read.data(), read.size(), MSG_WAITALL)),
      "recv");
}

}  // namespace

Connections::Connections(std::size_t count) : listener_(tcp_socket()) {
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  checked(::bind(listener_.get(), generic, length), "bind");
  checked(::listen(listener_.get(), SOMAXCONN), "listen");
  checked(::getsockname(listener_.get(), generic, &length), "getsockname");
  port_ = ntohs(address.sin_port);
  for (std::size_t i = 0; i < count; ++i) {
    open();
  }
}

void Connections::replace_oldest() {
  auto& [client, server] = open_.front();
  if (resets_next_) {
    send_greeting(client);
    server = UniqueFd();
  }
  resets_next_ = !resets_next_;
  open_.pop_front();
  open();
}

void Connections::open() {
  const sockaddr_in address = loopback(port_);
  UniqueFd client = tcp_socket();
  checked(::connect(client.get(), reinterpret_cast<const sockaddr*>(&address),
                    sizeof(address)),
          "connect");
  UniqueFd server(checked(
      ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC), "accept"));
  greet(client, server);
  greet(server, client);
  open_.emplace_back(std::move(client), std::move(server));
}

}  // namespace ssh_keepalive::soak
