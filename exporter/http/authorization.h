// Who may see identities (user names, addresses of peers).
#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_AUTHORIZATION_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_AUTHORIZATION_H_

#include <cstdint>
#include <string_view>

namespace ssh_keepalive::http {

enum class Access : std::uint8_t {
  kPublic,   // without identities
  kPrivate,  // the token was shown
  kRefused,  // something else was: 401
};

// `authorization` is that header as it was sent, empty for none: `Bearer TOKEN`
// (RFC 6750), or `Basic` with the token as password of any user (RFC 7617).
// Where there is no token (empty), nothing that is sent counts. The time it
// takes tells nothing of the token but its length.
Access access_of(std::string_view authorization, std::string_view token);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_AUTHORIZATION_H_
