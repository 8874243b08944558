#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_DRAWING_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_DRAWING_H_

#include <string>

#include "exporter/http/page/geometry.h"

namespace ssh_keepalive::http {

// The picture as inline SVG with its legend. As wide as there is room: places
// are percentages, so that letters are as large on a phone.
std::string draw(const Picture& picture, bool with_identities);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_DRAWING_H_
