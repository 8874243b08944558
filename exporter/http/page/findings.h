#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_FINDINGS_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_FINDINGS_H_

#include <string>
#include <string_view>

#include "diagnosis/report.h"

namespace ssh_keepalive::http {

// How many the page shows; /api/v1/report has all.
inline constexpr std::size_t kShownFindings = 100;

// Whether an alert rule, and so a runbook, is about that check.
bool has_runbook(std::string_view check);

// Where a check is explained: its runbook, else its section of the reference.
std::string explanation_url(std::string_view check);

// What is wrong, with remedies to copy, and what could not be evaluated.
std::string findings_section(const diagnosis::Report& report,
                             bool with_identities);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_FINDINGS_H_
