// As collectors/base/metrics.h, for counters.
#ifndef SSH_KEEPALIVE_EXPORTER_EXPOSITION_COUNTERS_H_
#define SSH_KEEPALIVE_EXPORTER_EXPOSITION_COUNTERS_H_

#include <cstdint>
#include <string_view>
#include <utility>

#include "collectors/base/metrics.h"

namespace ssh_keepalive {

inline prometheus::MetricFamily counter_family(std::string_view name,
                                               std::string_view help) {
  prometheus::MetricFamily family = gauge_family(name, help);
  family.type = prometheus::MetricType::Counter;
  return family;
}

inline void add_counter(prometheus::MetricFamily& family, Labels labels,
                        std::uint64_t value) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  metric.counter.value = static_cast<double>(value);
  family.metric.push_back(std::move(metric));
}

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_EXPOSITION_COUNTERS_H_
