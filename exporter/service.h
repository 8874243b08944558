// What all doors (HTTP, signals, the command line) share: the settings in
// force, and the scrapes made with them.
#ifndef SSH_KEEPALIVE_EXPORTER_SERVICE_H_
#define SSH_KEEPALIVE_EXPORTER_SERVICE_H_

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "exporter/command_line.h"
#include "exporter/exposition/families.h"
#include "exporter/log.h"
#include "exporter/scrape.h"
#include "exporter/settings.h"

namespace ssh_keepalive {

// What a scrape asks for.
struct ScrapeRequest {
  std::vector<std::string> collect;  // only these; empty: all that are enabled
  std::vector<std::string> exclude;  // all but these
  // Prometheus' own time limit for this scrape.
  std::optional<std::chrono::duration<double>> prometheus_timeout;
};

// Safe to use from several threads.
class Service {
 public:
  Service(CommandLine command_line, Settings settings, HostRoot root, Log& log);

  // One scrape as text. Error: kInvalid, for an unknown or disabled collector
  // or for `collect` together with `exclude`.
  Result<std::string> scrape_text(const ScrapeRequest& request);

  // A look at the sessions between scrapes, unless their collector is disabled:
  // see observe_sessions.
  void observe();

  // Reads the configuration anew and takes it over whole, or keeps the one in
  // force. Errors: make_settings'.
  Result<void> reload();

  [[nodiscard]] std::shared_ptr<const Settings> settings() const;
  [[nodiscard]] ReloadStatus reload_status() const;

  // The last scrape's word on every collector that ran in it.
  [[nodiscard]] std::vector<CollectorOutcome> last_outcomes() const;

 private:
  struct InForce {
    std::shared_ptr<const Settings> settings;
    std::shared_ptr<const CollectorInput> input;
  };
  [[nodiscard]] InForce in_force() const;
  void put_in_force(Settings settings);

  const CommandLine command_line_;
  const HostRoot root_;
  Log& log_;
  Scraper scraper_;
  const std::shared_ptr<CollectorMemory> memory_ =
      std::make_shared<CollectorMemory>();

  std::string told_;          // the missing right of the last warning
  std::mutex reload_mutex_;   // one reload at a time
  mutable std::mutex mutex_;  // guards all below
  InForce in_force_;
  ReloadStatus reload_status_;
  std::vector<CollectorOutcome> last_outcomes_;
};

// How long a scrape may take: half a second less than Prometheus waits, and no
// longer than [collectors] timeout.
std::chrono::duration<double> scrape_timeout(
    std::optional<std::chrono::duration<double>> prometheus_timeout,
    std::chrono::duration<double> configured);

// Which collectors run, in the order of kCollectors. Errors: scrape_text's.
Result<std::vector<bool>> select_collectors(
    const CollectorSelection& enabled, const std::vector<std::string>& collect,
    const std::vector<std::string>& exclude);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_SERVICE_H_
