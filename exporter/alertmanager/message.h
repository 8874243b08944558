// Alerts → the body of POST /api/v2/alerts.
#ifndef SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_MESSAGE_H_
#define SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_MESSAGE_H_

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "exporter/alertmanager/alert_book.h"

namespace ssh_keepalive::alertmanager {

using LabelList = std::vector<std::pair<std::string, std::string>>;

// An alert as one target's.
struct LabelledAlert {
  Alert alert;
  LabelList labels;

  bool operator==(const LabelledAlert&) const = default;
};

using Message = std::vector<LabelledAlert>;

// Those of [alertmanager] labels; where they do not name them, job is that of
// the rules and instance the host with the port, as in a Prometheus that
// scrapes it by its name: without, the alerts of all hosts would be one.
LabelList target_labels(const LabelList& configured,
                        const std::string& host_name,
                        const std::vector<std::string>& listen_addresses);

// The JSON. Alertmanager takes an alert that fires for ended at now +
// `lifetime`, unless it is told again before. Bytes that are no UTF-8 are
// replaced.
std::string message_text(const Message& message, TimePoint now,
                         std::chrono::seconds lifetime);

}  // namespace ssh_keepalive::alertmanager

#endif  // SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_MESSAGE_H_
