#include "collectors/base/metrics.h"

#include <utility>

namespace ssh_keepalive {

prometheus::MetricFamily gauge_family(std::string_view name,
                                      std::string_view help) {
  prometheus::MetricFamily family;
  family.name = "ssh_keepalive_";
  family.name += name;
  family.help = help;
  family.type = prometheus::MetricType::Gauge;
  return family;
}

void add_gauge(prometheus::MetricFamily& family, Labels labels, double value) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  metric.gauge.value = value;
  family.metric.push_back(std::move(metric));
}

}  // namespace ssh_keepalive
