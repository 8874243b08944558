// The page at `/`, for a person at this host.
#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_PAGE_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_PAGE_H_

#include <chrono>
#include <optional>
#include <string>

#include "diagnosis/report.h"
#include "exporter/ends/stored_ends.h"
#include "exporter/exposition/families.h"
#include "exporter/scrape.h"
#include "exporter/settings.h"

namespace ssh_keepalive::http {

struct PageInput {
  const Settings& settings;
  const Scrape& scrape;
  const diagnosis::Report& report;  // on the facts of the scrape
  ReloadStatus reload;
  std::optional<StoredEnds> ends;  // nothing: nobody records them
  std::chrono::system_clock::time_point now;
};

// HTML. Without `with_identities` it names no person, peer or private path of
// this host.
std::string status_page(const PageInput& input, bool with_identities);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_PAGE_PAGE_H_
