#include "exporter/service.h"

#include <algorithm>
#include <utility>

#include "exporter/policy.h"
#include "exporter/private_token.h"

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

// What is told of a recording is nothing to keep on this host.
EndStoreSettings store_settings(const Settings& settings,
                                const HostRoot& root) {
  return {.file = root.has_running_kernel() ? settings.ends.state_file : "",
          .keep = static_cast<std::size_t>(settings.ends.keep)};
}

bool is_watching(const Settings& settings) {
  return settings.collectors.enabled.at(place_of("sessions").value());
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
  const auto timeout = scrape_timeout(request.prometheus_timeout,
                                      now.settings->collectors.timeout);
  const auto began = std::chrono::steady_clock::now();
  // Of another scrape, in which a collector may hang.
  constexpr std::chrono::duration<double> kPatience{0.25};
  return texts_.get(
      {now.settings.get(), *selected}, std::min(kPatience, timeout / 2), [&] {
        return make_text(now, *selected,
                         timeout - (std::chrono::steady_clock::now() - began));
      });
}

SharedTexts::Made Service::make_text(const InForce& now,
                                     const std::vector<bool>& selected,
                                     std::chrono::duration<double> timeout) {
  const Seen seen = see(now, selected, timeout);
  Families families = scrape_families(seen.scrape, seen.report);
  if (ends_) {
    if (const auto counts = ends_->recorder.counts()) {
      append_end_metrics(*counts, ends_->recorder.paths(), families);
    }
  }
  std::vector<alertmanager::Counts> notified;
  for (const std::string& url : now.settings->alertmanager.urls) {
    notified.push_back(notification_counts_.of(url));
  }
  append_notification_metrics(notified, families);
  append_build_and_reload_metrics(reload_status(), families);
  if (!now.settings->web.disable_exporter_metrics) {
    append_process_metrics(families);
  }
  return {.text = to_text(std::move(families)),
          .is_whole = std::ranges::all_of(seen.scrape.outcomes,
                                          [](const CollectorOutcome& outcome) {
                                            return outcome.run != nullptr;
                                          })};
}

Service::Seen Service::see(const InForce& now,
                           const std::vector<bool>& selected,
                           std::chrono::duration<double> timeout) {
  Seen seen{.scrape = scraper_.scrape(selected, now.input, timeout),
            .report = {}};
  seen.report =
      diagnose(seen.scrape.facts,
               policy_of(*now.settings, seen.scrape.facts,
                         ends_ ? ends_->recorder.paths() : PathIdles()));
  // What some collectors alone tell would be less than is known already.
  const auto& enabled = now.settings->collectors.enabled;
  if (ends_ && std::ranges::equal(selected, enabled)) {
    ends_->recorder.saw(seen.scrape.facts, seen.report);
  }
  return seen;
}

EndRecorder& Service::record_ends() {
  ends_ = std::make_unique<Ends>(store_settings(*settings(), root_), log_);
  memory_->netns_news.want();
  return ends_->recorder;
}

std::optional<std::vector<sessions::Session>> Service::observe() {
  const InForce now = in_force();
  return is_watching(*now.settings) ? observe_sessions(*now.input)
                                    : std::nullopt;
}

Service::Seen Service::look_by_all() {
  const InForce now = in_force();
  const auto& enabled = now.settings->collectors.enabled;
  return see(now, std::vector<bool>(enabled.begin(), enabled.end()),
             now.settings->collectors.timeout);
}

std::optional<StoredEnds> Service::ends() const {
  return ends_ ? std::optional(ends_->store.stored()) : std::nullopt;
}

std::vector<std::uint16_t> Service::watched_ports() const {
  const InForce now = in_force();
  return is_watching(*now.settings) && root_.has_running_kernel()
             ? ssh_keepalive::watched_ports(*now.input)
             : std::vector<std::uint16_t>();
}

std::map<netns::Id, NetnsNews::Subscription> Service::other_news() const {
  return memory_->netns_news.all();
}

bool Service::looks_elsewhere() const {
  const InForce now = in_force();
  return is_watching(*now.settings) &&
         looks_at_namespaces(root_, now.settings->collector_settings.netns);
}

std::string Service::alert_file() const {
  return root_.has_running_kernel() ? settings()->alertmanager.state_file : "";
}

void Service::save_ends() {
  if (ends_) {
    ends_->store.save();
  }
}

Result<void> Service::reload() {
  const std::lock_guard one_at_a_time(reload_mutex_);
  Result<Settings> settings = make_settings(command_line_);
  const Result<void> token =
      settings.ok() ? read_private_token(*settings) : settings.error();
  if (!token.ok()) {
    log_.error("configuration not reloaded: the old one stays in force",
               {{"err", token.error().message()}});
    const std::lock_guard lock(mutex_);
    reload_status_.successful = false;
    return token.error();
  }
  if (settings->web.listen_addresses !=
      this->settings()->web.listen_addresses) {
    log_.warn("web.listen_address changes at the next start only");
    settings->web.listen_addresses = this->settings()->web.listen_addresses;
  }
  if (ends_) {
    ends_->store.configure(store_settings(*settings, root_));
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
