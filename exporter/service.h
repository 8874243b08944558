// What all doors (HTTP, signals, the command line) share: the settings in
// force, and the scrapes made with them.
#ifndef SSH_KEEPALIVE_EXPORTER_SERVICE_H_
#define SSH_KEEPALIVE_EXPORTER_SERVICE_H_

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "diagnosis/report.h"
#include "exporter/alertmanager/notification_counts.h"
#include "exporter/command_line.h"
#include "exporter/ends/end_recorder.h"
#include "exporter/ends/end_store.h"
#include "exporter/exposition/families.h"
#include "exporter/log.h"
#include "exporter/scrape.h"
#include "exporter/settings.h"
#include "exporter/shared_texts.h"

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

  // One scrape as text; scrapes that come while an equal one runs share its
  // text. Error: kInvalid, for an unknown or disabled collector or for
  // `collect` together with `exclude`.
  Result<std::string> scrape_text(const ScrapeRequest& request);

  // From now on the ends of sessions are recorded and kept. To be called once,
  // before anything else is.
  EndRecorder& record_ends();

  // A look at the sessions between scrapes, unless their collector is disabled:
  // see observe_sessions.
  std::optional<std::vector<sessions::Session>> observe();

  // A look by all collectors that are enabled, also for the ends that are
  // recorded.
  struct Seen {
    Scrape scrape;
    diagnosis::Report report;
  };
  Seen look_by_all();

  // The ends that are kept; nothing: nobody records them.
  [[nodiscard]] std::optional<StoredEnds> ends() const;

  // The news of other network namespaces, as the last look left them: looks
  // subscribe where [netns] scan wants them to go, once ends are recorded.
  [[nodiscard]] std::map<netns::Id, NetnsNews::Subscription> other_news() const;

  // Whether looks go to other network namespaces.
  [[nodiscard]] bool looks_elsewhere() const;

  // Where SSH is looked for; nowhere where sessions are not looked at.
  [[nodiscard]] std::vector<std::uint16_t> watched_ports() const;

  // Writes the recorded ends to their file, where there are new ones.
  void save_ends();

  // Where alerts outlive a restart; empty: nowhere.
  [[nodiscard]] std::string alert_file() const;

  // Of what Alertmanagers were told, for the metrics.
  alertmanager::NotificationCounts& notification_counts() {
    return notification_counts_;
  }

  // Reads the configuration anew and takes it over whole, or keeps the one in
  // force. Errors: make_settings'.
  Result<void> reload();

  [[nodiscard]] std::shared_ptr<const Settings> settings() const;
  [[nodiscard]] ReloadStatus reload_status() const;

 private:
  struct InForce {
    std::shared_ptr<const Settings> settings;
    std::shared_ptr<const CollectorInput> input;
  };
  [[nodiscard]] InForce in_force() const;
  void put_in_force(Settings settings);
  SharedTexts::Made make_text(const InForce& now,
                              const std::vector<bool>& selected,
                              std::chrono::duration<double> timeout);
  Seen see(const InForce& now, const std::vector<bool>& selected,
           std::chrono::duration<double> timeout);

  const CommandLine command_line_;
  const HostRoot root_;
  Log& log_;
  Scraper scraper_;
  SharedTexts texts_;
  const std::shared_ptr<CollectorMemory> memory_ =
      std::make_shared<CollectorMemory>();

  struct Ends {
    Ends(EndStoreSettings settings, Log& log)
        : store(std::move(settings), log), recorder(store, log) {}
    EndStore store;
    EndRecorder recorder;
  };
  std::unique_ptr<Ends> ends_;  // null: nobody records them

  alertmanager::NotificationCounts notification_counts_;
  std::string told_;          // the missing right of the last warning
  std::mutex reload_mutex_;   // one reload at a time
  mutable std::mutex mutex_;  // guards all below
  InForce in_force_;
  ReloadStatus reload_status_;
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
