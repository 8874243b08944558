// Short ways to write prometheus-cpp metric families.
#ifndef SSH_KEEPALIVE_COLLECTORS_BASE_METRICS_H_
#define SSH_KEEPALIVE_COLLECTORS_BASE_METRICS_H_

#include <prometheus/metric_family.h>

#include <string>
#include <string_view>
#include <vector>

namespace ssh_keepalive {

using Labels = std::vector<prometheus::ClientMetric::Label>;

// A gauge family without series. `name` comes without the prefix
// "ssh_keepalive_"; `help` has no line break and no backslash, because
// prometheus-cpp 1.0.1 does not escape them.
prometheus::MetricFamily gauge_family(std::string_view name,
                                      std::string_view help);

// Adds one series. No two series of a family may have equal labels.
void add_gauge(prometheus::MetricFamily& family, Labels labels, double value);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_BASE_METRICS_H_
