// Facts and the report → metric families: what /metrics and `metrics` show.
#ifndef SSH_KEEPALIVE_EXPORTER_EXPOSITION_FAMILIES_H_
#define SSH_KEEPALIVE_EXPORTER_EXPOSITION_FAMILIES_H_

#include <prometheus/metric_family.h>

#include <chrono>
#include <string>
#include <vector>

#include "diagnosis/report.h"
#include "exporter/alertmanager/delivery.h"
#include "exporter/ends/end_recorder.h"
#include "exporter/scrape.h"

namespace ssh_keepalive {

using Families = std::vector<prometheus::MetricFamily>;

// How the last reading of the program's own configuration went.
struct ReloadStatus {
  bool successful = true;
  std::chrono::system_clock::time_point last_success_at;
};

// tcp_refresh_interval_seconds and its like, of the kernel, sshd and ssh. +Inf
// is never, absent is unknown.
void append_lifetime_metrics(const Facts& facts, Families& families);

// scrape_collector_*: one series per collector that was asked for.
void append_scrape_metrics(const std::vector<CollectorOutcome>& outcomes,
                           Families& families);

// exporter_build_info and config_last_reload_*.
void append_build_and_reload_metrics(const ReloadStatus& reload,
                                     Families& families);

// process_*, by the names of Prometheus' client libraries. What /proc/self does
// not tell is absent.
void append_process_metrics(Families& families);

// policy_*.
void append_policy_metrics(const diagnosis::Policy& policy, Families& families);

// sessions_by_fate and its like: what the report says. `now` is when the facts
// were collected.
void append_verdict_metrics(const Facts& facts, const diagnosis::Report& report,
                            std::chrono::system_clock::time_point now,
                            Families& families);

// session_ends_total and its like: what was seen since the start.
void append_end_metrics(const EndCounts& counts, const PathIdles& paths,
                        Families& families);

// alertmanager_notifications_*: for each configured URL, in their order.
void append_notification_metrics(
    const std::vector<alertmanager::Counts>& counts, Families& families);

// All of a scrape: collectors', derived ones, then those about the scrape.
// `report`: on the scrape's facts.
Families scrape_families(const Scrape& scrape, const diagnosis::Report& report);

// The text exposition format 0.0.4, families sorted by name.
std::string to_text(Families families);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_EXPOSITION_FAMILIES_H_
