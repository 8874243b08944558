#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_HTML_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_HTML_H_

#include <string>
#include <string_view>

namespace ssh_keepalive::http {

// For text between tags and in quoted attributes. What is no printable ASCII is
// shown as `?`: names of others may hold anything.
std::string escape_html(std::string_view text);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_HTML_H_
