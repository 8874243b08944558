#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_PICTURE_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_PICTURE_H_

#include <string>

#include "collectors/registry.h"
#include "diagnosis/report.h"

namespace ssh_keepalive::http {

// What each layer does to an idle session: a picture, the same as a table, and
// in which order it happens at each end.
std::string layers_section(const Facts& facts, const diagnosis::Report& report,
                           bool with_identities);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_PICTURE_H_
