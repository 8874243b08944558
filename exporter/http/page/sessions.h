#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_SESSIONS_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_SESSIONS_H_

#include <string>

#include "collectors/registry.h"
#include "diagnosis/report.h"

namespace ssh_keepalive::http {

// How many the page shows; /api/v1/sessions has all.
inline constexpr std::size_t kShownSessions = 200;

// Live sessions, those in danger first. Users and peers are left out unless
// `with_identities`.
std::string sessions_section(const Facts& facts,
                             const diagnosis::Report& report,
                             bool with_identities);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_SESSIONS_H_
