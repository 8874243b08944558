#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_COLLECTORS_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_COLLECTORS_H_

#include <string>
#include <vector>

#include "exporter/exposition/families.h"
#include "exporter/scrape.h"
#include "exporter/settings.h"

namespace ssh_keepalive::http {

// How the collectors did in this look, and whether the configuration is in
// force. Reasons of failures, which may name files of people, only
// `with_identities`; the log has them.
std::string collectors_section(const Settings& settings,
                               const std::vector<CollectorOutcome>& outcomes,
                               const ReloadStatus& reload,
                               bool with_identities);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_COLLECTORS_H_
