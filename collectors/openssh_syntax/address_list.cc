#include "collectors/openssh_syntax/address_list.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "collectors/base/number.h"
#include "collectors/openssh_syntax/pattern.h"
#include "collectors/openssh_syntax/values.h"

namespace ssh_keepalive::openssh {
namespace {

constexpr unsigned kMaxMaskBits = 128;
constexpr std::size_t kMaxNetworkLength = 63;

struct Address {
  int family = AF_UNSPEC;
  std::array<std::uint8_t, 16> bytes{};
  std::uint32_t scope = 0;

  [[nodiscard]] unsigned bits() const { return family == AF_INET ? 32 : 128; }
};

// Numeric forms only, as the C library reads them: nobody is asked.
std::optional<Address> parse_address(std::string_view text) {
  if (text.find('\0') != text.npos) {
    return std::nullopt;  // the C library would read what stands before it
  }
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(std::string(text).c_str(), nullptr, &hints, &found) != 0) {
    return std::nullopt;
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(
      found, &::freeaddrinfo);
  Address address{.family = found->ai_family};
  if (found->ai_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, found->ai_addr, sizeof v4);
    std::memcpy(address.bytes.data(), &v4.sin_addr, sizeof v4.sin_addr);
  } else {
    sockaddr_in6 v6{};
    std::memcpy(&v6, found->ai_addr, sizeof v6);
    std::memcpy(address.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
    address.scope = v6.sin6_scope_id;
  }
  return address;
}

// The bits of a byte that a mask of `bits` leaves in it.
std::uint8_t mask_of_byte(unsigned bits, unsigned byte) {
  const unsigned before = byte * 8;
  if (bits <= before) {
    return 0;
  }
  return static_cast<std::uint8_t>(0xFF00U >> std::min(bits - before, 8U));
}

struct Network {
  Address address;
  unsigned bits = 0;

  [[nodiscard]] bool consistent() const {
    if (bits > address.bits()) {
      return false;
    }
    for (unsigned i = 0; i < address.bits() / 8; ++i) {
      if ((address.bytes.at(i) & ~mask_of_byte(bits, i) & 0xFF) != 0) {
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] bool contains(const Address& other) const {
    if (other.family != address.family || other.scope != address.scope) {
      return false;
    }
    for (unsigned i = 0; i < address.bits() / 8; ++i) {
      const std::uint8_t mask = mask_of_byte(bits, i);
      if ((address.bytes.at(i) & mask) != (other.bytes.at(i) & mask)) {
        return false;
      }
    }
    return true;
  }
};

// How many bits a mask has, 0 to INT_MAX; nothing where it is none: then the
// element is a pattern.
std::optional<unsigned> parse_mask(std::string_view text, Release release) {
  constexpr Release kDigitsOnly{9, 1};
  constexpr Release kAnyNumber{9, 8};
  std::optional<int> bits;
  if (release < kDigitsOnly || release >= kAnyNumber) {
    bits = parse_count(text);
  } else {
    bits = parse_integer<int>(text);
  }
  if (!bits || *bits < 0 ||
      (release<kAnyNumber&& * bits> static_cast<int>(kMaxMaskBits))) {
    return std::nullopt;
  }
  return static_cast<unsigned>(*bits);
}

// "ADDRESS" or "ADDRESS/BITS"; nothing where it is neither.
std::optional<Network> parse_network(std::string_view text, Release release) {
  if (text.size() > kMaxNetworkLength) {
    return std::nullopt;
  }
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto address = parse_address(text.substr(0, slash));
  std::optional<unsigned> bits;
  if (slash < text.size()) {
    bits = parse_mask(text.substr(slash + 1), release);
    if (!bits) {
      return std::nullopt;
    }
  }
  if (!address) {
    return std::nullopt;
  }
  return Network{.address = *address, .bits = bits.value_or(address->bits())};
}

std::string text_of(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* const written = ::inet_ntop(address.family, address.bytes.data(),
                                          text.data(), text.size());
  return written != nullptr ? written : "";
}

}  // namespace

std::optional<std::pair<std::string, std::string>> ends_of_network(
    std::string_view text) {
  const auto network = parse_network(text, Version().release);
  if (!network || !network->consistent()) {
    return std::nullopt;
  }
  Address last = network->address;
  for (unsigned i = 0; i < last.bits() / 8; ++i) {
    last.bytes.at(i) = static_cast<std::uint8_t>(
        last.bytes.at(i) | (~mask_of_byte(network->bits, i) & 0xFF));
  }
  return std::pair(text_of(network->address), text_of(last));
}

std::optional<bool> match_address_list(std::optional<std::string_view> address,
                                       std::string_view list, Release release) {
  const auto parsed = address ? parse_address(*address) : std::nullopt;
  if (address && !parsed) {
    return false;
  }
  bool matched = false;
  bool more = true;
  while (more) {
    const std::size_t length = std::min(list.find(','), list.size());
    more = length < list.size();
    std::string_view element = list.substr(0, length);
    list.remove_prefix(more ? length + 1 : length);
    const bool negated = element.starts_with('!');
    element.remove_prefix(negated ? 1 : 0);
    if (element.empty()) {
      return std::nullopt;
    }
    const auto network = parse_network(element, release);
    if (network && !network->consistent()) {
      return std::nullopt;
    }
    const bool found = parsed && (network ? network->contains(*parsed)
                                          : match_pattern(*address, element));
    if (found && negated) {
      return false;
    }
    matched = matched || found;
  }
  return matched;
}

}  // namespace ssh_keepalive::openssh
