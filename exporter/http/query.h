#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_QUERY_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_QUERY_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ssh_keepalive::http {

// The decoded pairs of a query "a=1&b[]=x%20y", in their order. A part
// without `=` has an empty value.
std::vector<std::pair<std::string, std::string>> parse_query(
    std::string_view query);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_QUERY_H_
