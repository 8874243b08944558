#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_LANDING_PAGE_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_LANDING_PAGE_H_

#include <optional>
#include <string>
#include <vector>

#include "exporter/ends/stored_ends.h"
#include "exporter/exposition/families.h"
#include "exporter/scrape.h"
#include "exporter/settings.h"

namespace ssh_keepalive::http {

// The HTML page at `/`. It starts no collection, and without `with_identities`
// names no person, peer or private path of this host.
std::string landing_page(const Settings& settings,
                         const std::vector<CollectorOutcome>& outcomes,
                         const ReloadStatus& reload,
                         const std::optional<StoredEnds>& ends,
                         bool with_identities);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_LANDING_PAGE_H_
