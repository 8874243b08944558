#include "collectors/sessions/socket.h"

#include <arpa/inet.h>

#include <algorithm>

namespace ssh_keepalive::sessions {

Endpoint unmap_ipv4(const Endpoint& endpoint) {
  constexpr std::array<std::uint8_t, 12> kMappedPrefix = {
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (endpoint.family != AddressFamily::kIpv6 ||
      !std::equal(kMappedPrefix.begin(), kMappedPrefix.end(),
                  endpoint.address.begin())) {
    return endpoint;
  }
  Endpoint unmapped;
  std::copy(endpoint.address.begin() + kMappedPrefix.size(),
            endpoint.address.end(), unmapped.address.begin());
  unmapped.port = endpoint.port;
  return unmapped;
}

std::string address_text(const Endpoint& endpoint) {
  const bool ipv6 = endpoint.family == AddressFamily::kIpv6;
  std::array<char, INET6_ADDRSTRLEN> address{};
  ::inet_ntop(ipv6 ? AF_INET6 : AF_INET, endpoint.address.data(),
              address.data(), static_cast<socklen_t>(address.size()));
  return address.data();
}

std::string to_string(const Endpoint& endpoint) {
  const bool ipv6 = endpoint.family == AddressFamily::kIpv6;
  return (ipv6 ? "[" : "") + address_text(endpoint) + (ipv6 ? "]:" : ":") +
         std::to_string(endpoint.port);
}

}  // namespace ssh_keepalive::sessions
