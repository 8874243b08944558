#include "exporter/scrape.h"

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

namespace ssh_keepalive {
namespace {

using SteadyClock = std::chrono::steady_clock;

CollectorRun run_once(const Collector& collector, const CollectorInput& input) {
  CollectorRun run;
  const SteadyClock::time_point started = SteadyClock::now();
  run.errors = collector.collect(input, run.facts);
  run.duration = SteadyClock::now() - started;
  run.finished_at = std::chrono::system_clock::now();
  return run;
}

std::set<std::string> failures_of(const CollectorOutcome& outcome) {
  if (outcome.run == nullptr) {
    return {"did not finish within the deadline"};
  }
  std::set<std::string> failures;
  for (const Error& error : outcome.run->errors) {
    failures.insert(error.message());
  }
  return failures;
}

}  // namespace

struct CollectorRunner::State {
  explicit State(const Collector& of) : collector(of) {}

  const Collector& collector;
  std::mutex mutex;
  std::condition_variable finished;
  bool running = false;
  std::uint64_t runs_finished = 0;
  std::shared_ptr<const CollectorRun> last_run;
  std::optional<std::chrono::system_clock::time_point> last_success_at;

  void finish(std::shared_ptr<const CollectorRun> run) {
    const std::lock_guard lock(mutex);
    running = false;
    ++runs_finished;
    if (run->errors.empty()) {
      last_success_at = run->finished_at;
    }
    last_run = std::move(run);
    finished.notify_all();
  }
};

CollectorRunner::CollectorRunner(const Collector& collector)
    : state_(std::make_shared<State>(collector)) {}

std::uint64_t CollectorRunner::start(
    const std::shared_ptr<const CollectorInput>& input) {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->running) {
      return state_->runs_finished + 1;
    }
    state_->running = true;
  }
  try {
    std::thread([state = state_, input] {
      state->finish(std::make_shared<const CollectorRun>(
          run_once(state->collector, *input)));
    }).detach();
  } catch (const std::system_error& error) {
    auto failed = std::make_shared<CollectorRun>();
    failed->errors.push_back({.kind = ErrorKind::kLimit,
                              .attempted = "start a thread",
                              .reason = error.code().message()});
    state_->finish(std::move(failed));
  }
  const std::lock_guard lock(state_->mutex);
  return state_->running ? state_->runs_finished + 1 : state_->runs_finished;
}

CollectorOutcome CollectorRunner::wait(std::uint64_t ticket,
                                       SteadyClock::time_point deadline) {
  const SteadyClock::time_point began = SteadyClock::now();
  std::unique_lock lock(state_->mutex);
  CollectorOutcome outcome{.collector = &state_->collector};
  if (state_->finished.wait_until(
          lock, deadline, [&] { return state_->runs_finished >= ticket; })) {
    outcome.run = state_->last_run;
    outcome.duration = outcome.run->duration;
  } else {
    outcome.duration = SteadyClock::now() - began;
  }
  outcome.last_success_at = state_->last_success_at;
  return outcome;
}

Scraper::Scraper(std::span<const Collector> collectors, Log& log)
    : collectors_(collectors), failure_log_(log, "collector") {
  for (const Collector& collector : collectors) {
    runners_.emplace_back(collector);
  }
}

Scrape Scraper::scrape(const std::vector<bool>& selected,
                       const std::shared_ptr<const CollectorInput>& input,
                       std::chrono::duration<double> timeout) {
  const auto deadline =
      SteadyClock::now() +
      std::chrono::duration_cast<SteadyClock::duration>(timeout);
  std::vector<std::uint64_t> tickets(runners_.size());
  for (std::size_t i = 0; i < runners_.size(); ++i) {
    if (selected.at(i)) {
      tickets.at(i) = runners_.at(i).start(input);
    }
  }
  Scrape scrape;
  for (std::size_t i = 0; i < runners_.size(); ++i) {
    if (!selected.at(i)) {
      continue;
    }
    CollectorOutcome outcome = runners_.at(i).wait(tickets.at(i), deadline);
    failure_log_.report(collectors_[i].name, failures_of(outcome));
    if (outcome.run != nullptr) {
      scrape.facts.take(outcome.run->facts);
    }
    scrape.outcomes.push_back(std::move(outcome));
  }
  return scrape;
}

}  // namespace ssh_keepalive
