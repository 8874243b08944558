// Where an Alertmanager is.
#ifndef SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_ADDRESS_H_
#define SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_ADDRESS_H_

#include <string>
#include <string_view>

#include "collectors/base/result.h"

namespace ssh_keepalive::alertmanager {

struct Address {
  std::string post_url;  // with user and password, where it has some
  std::string shown;     // for logs: without them
};

// The URL of an Alertmanager as a user writes it: http or https, a host, and a
// path where it is not served at the top. Error: kInvalid, without any part of
// the text, which may hold a password.
Result<Address> parse_address(std::string_view url);

}  // namespace ssh_keepalive::alertmanager

#endif  // SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_ADDRESS_H_
