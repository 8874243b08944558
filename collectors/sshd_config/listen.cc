#include "collectors/sshd_config/listen.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace ssh_keepalive::sshd_config {
namespace {

AddressFamily family_of(const Settings& settings) {
  return settings.address_family ? settings.address_family->value
                                 : AddressFamily::kAny;
}

int to_socket_family(AddressFamily family) {
  switch (family) {
    case AddressFamily::kInet:
      return AF_INET;
    case AddressFamily::kInet6:
      return AF_INET6;
    case AddressFamily::kAny:
      break;
  }
  return AF_UNSPEC;
}

// Nothing where the text is no numeric address of that family. AI_NUMERICHOST
// asks no name service.
std::optional<std::string> canonical_address(const std::string& text,
                                             int family) {
  addrinfo hints{};
  hints.ai_family = family;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* found = nullptr;
  if (text.find('\0') != std::string::npos ||
      ::getaddrinfo(text.c_str(), nullptr, &hints, &found) != 0) {
    return std::nullopt;
  }
  std::array<char, NI_MAXHOST> name{};
  const int failed = ::getnameinfo(
      found->ai_addr, found->ai_addrlen, name.data(),
      static_cast<socklen_t>(name.size()), nullptr, 0, NI_NUMERICHOST);
  ::freeaddrinfo(found);
  if (failed != 0) {
    return std::nullopt;
  }
  return std::string(name.data());
}

// A name is letters, digits and `-_.`, and no top-level domain is a number.
bool can_be_name(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789.";
  constexpr std::string_view kOthers =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
  return text.find_first_not_of(kDigits) != text.npos &&
         std::ranges::all_of(text, [&](char byte) {
           return kDigits.find(byte) != kDigits.npos ||
                  kOthers.find(byte) != kOthers.npos;
         });
}

std::optional<std::string> refuse_address(const std::string& host, int family) {
  if (host.empty()) {
    return "listenaddress: the address is missing";
  }
  if (family != AF_UNSPEC && canonical_address(host, AF_UNSPEC)) {
    return "listenaddress: the address is not of the family that addressfamily "
           "wants";
  }
  return can_be_name(host) ? std::nullopt
                           : std::optional<std::string>(
                                 "listenaddress: the address is not "
                                 "valid");
}

}  // namespace

std::optional<Refusal> resolve_addresses(Settings& settings) {
  const int family = to_socket_family(family_of(settings));
  for (ListenAddress& address : settings.listen_addresses) {
    if (auto canonical = canonical_address(address.host, family)) {
      address.host = *std::move(canonical);
      address.numeric = true;
    } else if (auto reason = refuse_address(address.host, family)) {
      return Refusal{.source = *address.source, .reason = *std::move(reason)};
    }
  }
  return std::nullopt;
}

std::vector<ListenAddress> listen_addresses(
    const Settings& settings, const std::vector<Value<int>>& ports) {
  std::vector<ListenAddress> all;
  const auto add = [&all](ListenAddress address, int port) {
    address.port = port;
    all.push_back(std::move(address));
  };
  if (settings.listen_addresses.empty()) {
    const AddressFamily family = family_of(settings);
    for (const Value<int>& port : ports) {
      if (family != AddressFamily::kInet) {
        add({.host = "::", .numeric = true, .source = port.source}, port.value);
      }
      if (family != AddressFamily::kInet6) {
        add({.host = "0.0.0.0", .numeric = true, .source = port.source},
            port.value);
      }
    }
    return all;
  }
  // sshd keeps a list for each routing domain, in the order of their first
  // addresses.
  std::vector<std::string> domains;
  for (const ListenAddress& address : settings.listen_addresses) {
    if (std::ranges::find(domains, address.routing_domain) == domains.end()) {
      domains.push_back(address.routing_domain);
    }
  }
  for (const std::string& domain : domains) {
    for (const ListenAddress& address : settings.listen_addresses) {
      if (address.routing_domain != domain) {
        continue;
      }
      if (address.port != 0) {
        add(address, address.port);
        continue;
      }
      for (const Value<int>& port : ports) {
        add(address, port.value);
      }
    }
  }
  return all;
}

}  // namespace ssh_keepalive::sshd_config
