#include "exporter/exposition/families.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>

#include "collectors/base/metrics.h"
#include "exporter/build_info.h"

namespace ssh_keepalive {
namespace {

double to_timestamp(std::chrono::system_clock::time_point time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

prometheus::MetricFamily single_gauge(std::string_view name,
                                      std::string_view help, Labels labels,
                                      double value) {
  prometheus::MetricFamily family = gauge_family(name, help);
  add_gauge(family, std::move(labels), value);
  return family;
}

}  // namespace

void append_scrape_metrics(const std::vector<CollectorOutcome>& outcomes,
                           Families& families) {
  prometheus::MetricFamily success = gauge_family(
      "scrape_collector_success",
      "Whether the collector read all it should: 1, or 0 where something is "
      "missing from this scrape.");
  prometheus::MetricFamily duration =
      gauge_family("scrape_collector_duration_seconds",
                   "Time the collector took, or the scrape waited for it.");
  prometheus::MetricFamily last_success = gauge_family(
      "scrape_collector_last_success_timestamp_seconds",
      "When the collector last read all it should, in seconds since 1970; "
      "absent before the first time.");
  for (const CollectorOutcome& outcome : outcomes) {
    const Labels labels = {{"collector", std::string(outcome.collector->name)}};
    add_gauge(success, labels, outcome.success() ? 1 : 0);
    add_gauge(duration, labels, outcome.duration.count());
    if (outcome.last_success_at) {
      add_gauge(last_success, labels, to_timestamp(*outcome.last_success_at));
    }
  }
  for (prometheus::MetricFamily* family :
       {&success, &duration, &last_success}) {
    if (!family->metric.empty()) {
      families.push_back(std::move(*family));
    }
  }
}

void append_build_and_reload_metrics(const ReloadStatus& reload,
                                     Families& families) {
  families.push_back(single_gauge(
      "exporter_build_info", "Always 1; the labels tell which build this is.",
      {{"version", std::string(build_version())},
       {"revision", std::string(build_revision())}},
      1));
  families.push_back(single_gauge(
      "config_last_reload_successful",
      "Whether the configuration in force is the one that was last asked for.",
      {}, reload.successful ? 1 : 0));
  families.push_back(single_gauge(
      "config_last_reload_success_timestamp_seconds",
      "When the configuration in force was read, in seconds since 1970.", {},
      to_timestamp(reload.last_success_at)));
}

Families scrape_families(const Scrape& scrape,
                         const diagnosis::Report& report) {
  Families families;
  for (const CollectorOutcome& outcome : scrape.outcomes) {
    outcome.collector->append_metrics(scrape.facts, families);
  }
  append_lifetime_metrics(scrape.facts, families);
  append_policy_metrics(report.policy, families);
  append_verdict_metrics(scrape.facts, report, std::chrono::system_clock::now(),
                         families);
  append_scrape_metrics(scrape.outcomes, families);
  return families;
}

std::string to_text(Families families) {
  std::ranges::sort(families, {}, &prometheus::MetricFamily::name);
  std::ostringstream text;
  prometheus::TextSerializer().Serialize(text, families);
  return std::move(text).str();
}

}  // namespace ssh_keepalive
