// Runs collectors: each with a deadline, never twice at once, and shared by
// the scrapes that arrive meanwhile.
#ifndef SSH_KEEPALIVE_EXPORTER_SCRAPE_H_
#define SSH_KEEPALIVE_EXPORTER_SCRAPE_H_

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "collectors/base/result.h"
#include "collectors/registry.h"
#include "exporter/failure_log.h"

namespace ssh_keepalive {

// What one finished run of one collector gave.
struct CollectorRun {
  Facts facts;                // its own member
  std::vector<Error> errors;  // none: success
  std::chrono::duration<double> duration{};
  std::chrono::system_clock::time_point finished_at;
};

// What a scrape says of one collector.
struct CollectorOutcome {
  const Collector* collector = nullptr;
  std::shared_ptr<const CollectorRun> run;   // null: not within the deadline
  std::chrono::duration<double> duration{};  // of the run, or of the waiting
  std::optional<std::chrono::system_clock::time_point> last_success_at;

  [[nodiscard]] bool success() const {
    return run != nullptr && run->errors.empty();
  }
};

struct Scrape {
  Facts facts;  // of all collectors that finished
  std::vector<CollectorOutcome> outcomes;
};

// One collector's runs. Safe to use from several threads. A run that hangs is
// left behind on its thread; until it ends, no other one starts.
class CollectorRunner {
 public:
  explicit CollectorRunner(const Collector& collector);

  // Starts a run, or joins the one in flight: a ticket for wait().
  std::uint64_t start(const std::shared_ptr<const CollectorInput>& input);

  // Waits for the run of that ticket, or a later one, to finish.
  CollectorOutcome wait(std::uint64_t ticket,
                        std::chrono::steady_clock::time_point deadline);

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the thread of a run
};

class Scraper {
 public:
  Scraper(std::span<const Collector> collectors, Log& log);

  // Runs those collectors whose place in `selected` is true, side by side.
  Scrape scrape(const std::vector<bool>& selected,
                const std::shared_ptr<const CollectorInput>& input,
                std::chrono::duration<double> timeout);

 private:
  std::vector<CollectorRunner> runners_;
  std::span<const Collector> collectors_;
  FailureLog failure_log_;
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_SCRAPE_H_
