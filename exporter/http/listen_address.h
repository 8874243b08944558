#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_LISTEN_ADDRESS_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_LISTEN_ADDRESS_H_

#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/result.h"

namespace ssh_keepalive::http {

// CivetWeb's listening_ports for our addresses: "HOST:PORT", ":PORT" (all
// IPv4 addresses), "[IPv6]:PORT". Names are looked up in the system's hosts
// and DNS. Errors: kInvalid for what this CivetWeb cannot open (IPv6 where it
// was built without), kAbsent for a name without an IPv4 address.
Result<std::string> to_listening_ports(
    const std::vector<std::string>& addresses, bool has_ipv6);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_LISTEN_ADDRESS_H_
