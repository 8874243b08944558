#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_ENDS_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_ENDS_H_

#include <optional>
#include <string>

#include "exporter/ends/stored_ends.h"

namespace ssh_keepalive::http {

// How many the page shows; /api/v1/report has all.
inline constexpr std::size_t kShownEnds = 20;

// The section of the page about the last ends, the newest first. Nothing to
// show and nobody recording are said in words. Users and peers are left out
// unless `with_identities`.
std::string ends_section(const std::optional<StoredEnds>& stored,
                         bool with_identities);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_ENDS_H_
