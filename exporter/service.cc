#include "exporter/service.h"

#include <algorithm>
#include <utility>

#include "exporter/policy.h"

namespace ssh_keepalive {
namespace {

constexpr std::chrono::duration<double> kTimeoutReserve{0.5};

std::optional<std::size_t> place_of(std::string_view name) {
  const auto* const found =
      std::ranges::find(kCollectors, name, &Collector::name);
  if (found == kCollectors.end()) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - kCollectors.begin());
}

Error invalid(std::string reason) {
  return {.kind = ErrorKind::kInvalid, .reason = std::move(reason)};
}

}  // namespace

std::chrono::duration<double> scrape_timeout(
    std::optional<std::chrono::duration<double>> prometheus_timeout,
    std::chrono::duration<double> configured) {
  if (!prometheus_timeout) {
    return configured;
  }
  return std::min(configured, std::max(*prometheus_timeout - kTimeoutReserve,
                                       *prometheus_timeout / 2));
}

Result<std::vector<bool>> select_collectors(
    const CollectorSelection& enabled, const std::vector<std::string>& collect,
    const std::vector<std::string>& exclude) {
  if (!collect.empty() && !exclude.empty()) {
    return invalid("collect[] and exclude[] do not go together");
  }
  std::vector<bool> selected(enabled.enabled.begin(), enabled.enabled.end());
  if (!collect.empty()) {
    selected.assign(selected.size(), false);
  }
  const bool select = !collect.empty();
  for (const std::string& name : select ? collect : exclude) {
    const std::optional<std::size_t> place = place_of(name);
    if (!place) {
      return invalid("unknown collector");
    }
    if (!enabled.enabled.at(*place)) {
      return invalid("collector " + name + " is disabled");
    }
    selected.at(*place) = select;
  }
  return selected;
}

Service::Service(CommandLine command_line, Settings settings, HostRoot root,
                 Log& log)
    : command_line_(std::move(command_line)),
      root_(std::move(root)),
      log_(log),
      scraper_(kCollectors, log) {
  put_in_force(std::move(settings));
}

Result<std::string> Service::scrape_text(const ScrapeRequest& request) {
  const InForce now = in_force();
  const Result<std::vector<bool>> selected = select_collectors(
      now.settings->collectors, request.collect, request.exclude);
  if (!selected.ok()) {
    return selected.error();
  }
  const Scrape scrape =
      scraper_.scrape(*selected, now.input,
                      scrape_timeout(request.prometheus_timeout,
                                     now.settings->collectors.timeout));
  Families families =
      scrape_families(scrape, policy_of(*now.settings, scrape.facts));
  append_build_and_reload_metrics(reload_status(), families);
  if (!now.settings->web.disable_exporter_metrics) {
    append_process_metrics(families);
  }
  {
    const std::lock_guard lock(mutex_);
    last_outcomes_ = scrape.outcomes;
  }
  return to_text(std::move(families));
}

void Service::observe() {
  const InForce now = in_force();
  if (now.settings->collectors.enabled.at(place_of("sessions").value())) {
    observe_sessions(*now.input);
  }
}

Result<void> Service::reload() {
  const std::lock_guard one_at_a_time(reload_mutex_);
  Result<Settings> settings = make_settings(command_line_);
  if (!settings.ok()) {
    log_.error("configuration not reloaded: the old one stays in force",
               {{"err", settings.error().message()}});
    const std::lock_guard lock(mutex_);
    reload_status_.successful = false;
    return settings.error();
  }
  if (settings->web.listen_addresses !=
      this->settings()->web.listen_addresses) {
    log_.warn("web.listen_address changes at the next start only");
    settings->web.listen_addresses = this->settings()->web.listen_addresses;
  }
  put_in_force(*std::move(settings));
  log_.info("configuration reloaded");
  return {};
}

std::shared_ptr<const Settings> Service::settings() const {
  return in_force().settings;
}

ReloadStatus Service::reload_status() const {
  const std::lock_guard lock(mutex_);
  return reload_status_;
}

std::vector<CollectorOutcome> Service::last_outcomes() const {
  const std::lock_guard lock(mutex_);
  return last_outcomes_;
}

Service::InForce Service::in_force() const {
  const std::lock_guard lock(mutex_);
  return in_force_;
}

void Service::put_in_force(Settings settings) {
  log_.configure(settings.log.level, settings.log.format);
  auto input = std::make_shared<const CollectorInput>(
      CollectorInput{root_, settings.collector_settings, memory_});
  std::string note = missing_right(root_, settings.collector_settings.netns);
  if (!note.empty() && note != told_) {
    log_.warn(note);
    told_ = std::move(note);
  }
  auto shared = std::make_shared<const Settings>(std::move(settings));
  const std::lock_guard lock(mutex_);
  in_force_ = {.settings = std::move(shared), .input = std::move(input)};
  reload_status_ = {.successful = true,
                    .last_success_at = std::chrono::system_clock::now()};
}

}  // namespace ssh_keepalive
