// What Alertmanagers were told → counters.
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "exporter/exposition/counters.h"
#include "exporter/exposition/families.h"

namespace ssh_keepalive {
namespace {

struct Row {
  std::string_view name;
  std::string_view help;
  std::uint64_t alertmanager::Counts::*count;
};

constexpr std::array kRows = {
    Row{"alertmanager_notifications_sent_total",
        "Alerts that the Alertmanager of that place in [alertmanager] url has "
        "taken, each as often as it was told.",
        &alertmanager::Counts::sent},
    Row{"alertmanager_notifications_failed_total",
        "Alerts in messages that it has not taken, counted at each attempt: no "
        "connection, no answer in time, or an answer other than 2xx.",
        &alertmanager::Counts::failed},
    Row{"alertmanager_notifications_dropped_total",
        "Alerts that were given up: the message was refused (4xx), or a newer "
        "one took its place before it was taken.",
        &alertmanager::Counts::dropped},
};

}  // namespace

void append_notification_metrics(
    const std::vector<alertmanager::Counts>& counts, Families& families) {
  if (counts.empty()) {
    return;
  }
  for (const Row& row : kRows) {
    prometheus::MetricFamily family = counter_family(row.name, row.help);
    for (std::size_t i = 0; i < counts.size(); ++i) {
      add_counter(family, {{"url", std::to_string(i)}}, counts[i].*row.count);
    }
    families.push_back(std::move(family));
  }
}

}  // namespace ssh_keepalive
