#include "exporter/http/listen_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>
#include <utility>

namespace ssh_keepalive::http {
namespace {

Error cannot_listen(ErrorKind kind, const std::string& address,
                    std::string reason) {
  return {.kind = kind,
          .attempted = "listen on",
          .subject = address,
          .reason = std::move(reason)};
}

Result<std::string> to_ipv4(const std::string& host,
                            const std::string& address) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
      error != 0) {
    return cannot_listen(ErrorKind::kAbsent, address, ::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(
      found, &::freeaddrinfo);
  sockaddr_in socket_address{};
  std::memcpy(&socket_address, found->ai_addr, sizeof socket_address);
  std::string text(INET_ADDRSTRLEN, '\0');
  ::inet_ntop(AF_INET, &socket_address.sin_addr, text.data(),
              static_cast<socklen_t>(text.size()));
  text.resize(text.find('\0'));
  return text;
}

Result<std::string> to_listening_port(const std::string& address,
                                      bool has_ipv6) {
  const std::size_t colon = address.rfind(':');
  const std::string host = address.substr(0, colon);
  const std::string port = address.substr(colon);
  if (host.empty()) {
    return "0.0.0.0" + port;
  }
  if (host.front() == '[') {
    if (!has_ipv6) {
      return cannot_listen(
          ErrorKind::kInvalid, address,
          "the installed CivetWeb has no IPv6; listen on an IPv4 address, "
          "with a reverse proxy in front");
    }
    return address;
  }
  Result<std::string> ipv4 = to_ipv4(host, address);
  if (!ipv4.ok()) {
    return ipv4;
  }
  return *ipv4 + port;
}

}  // namespace

Result<std::string> to_listening_ports(
    const std::vector<std::string>& addresses, bool has_ipv6) {
  std::string ports;
  for (const std::string& address : addresses) {
    const Result<std::string> port = to_listening_port(address, has_ipv6);
    if (!port.ok()) {
      return port.error();
    }
    ports += ports.empty() ? *port : "," + *port;
  }
  return ports;
}

}  // namespace ssh_keepalive::http
