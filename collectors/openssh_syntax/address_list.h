// Lists of addresses, networks (CIDR) and patterns: addrmatch.c of OpenSSH.
#ifndef SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_ADDRESS_LIST_H_
#define SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_ADDRESS_LIST_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "collectors/openssh_syntax/version.h"

namespace ssh_keepalive::openssh {

// Whether the address is in the list and in none of its negated elements.
// False too where the address is no numeric IPv4 or IPv6 address. Nothing
// where OpenSSH refuses the list: an empty element, or a mask that is too long
// or leaves bits of the host; what counts as a mask depends on the release.
// Without an address the list is only checked.
std::optional<bool> match_address_list(std::optional<std::string_view> address,
                                       std::string_view list, Release release);

// The first and the last address of a network "192.0.2.0/24"; of a single
// address, that one twice. Nothing for other texts.
std::optional<std::pair<std::string, std::string>> ends_of_network(
    std::string_view text);

}  // namespace ssh_keepalive::openssh

#endif  // SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_ADDRESS_LIST_H_
