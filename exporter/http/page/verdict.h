#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_VERDICT_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_VERDICT_H_

#include <chrono>
#include <string>

#include "collectors/registry.h"
#include "diagnosis/report.h"

namespace ssh_keepalive::http {

// One sentence: what is wrong first of all, or why nothing is. Plain text.
std::string why(const diagnosis::Report& report, bool with_identities);

// The verdict, and what there is to know of the whole host.
std::string verdict_section(const Facts& facts, const diagnosis::Report& report,
                            std::chrono::system_clock::time_point now,
                            bool with_identities);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_VERDICT_H_
