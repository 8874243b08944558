#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_ENCODING_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_ENCODING_H_

#include <optional>
#include <string>
#include <string_view>

namespace ssh_keepalive::http {

// Whether a client with this Accept-Encoding header wants gzip at least as
// much as no coding at all (RFC 9110, 12.5.3). A header that does not follow
// the grammar asks for nothing.
bool accepts_gzip(std::string_view accept_encoding);

// The bytes in gzip's format; nothing where zlib fails (no memory).
std::optional<std::string> gzip(std::string_view bytes);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_ENCODING_H_
