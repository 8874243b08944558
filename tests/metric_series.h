// Metric families as a test wants to look things up in them.
#ifndef SSH_KEEPALIVE_TESTS_METRIC_SERIES_H_
#define SSH_KEEPALIVE_TESTS_METRIC_SERIES_H_

#include <gtest/gtest.h>
#include <prometheus/metric_family.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ssh_keepalive::testing {

// "role=server,netns=host" -> value, of one family.
inline std::map<std::string, double> series(
    const std::vector<prometheus::MetricFamily>& families,
    std::string_view name) {
  std::map<std::string, double> values;
  for (const prometheus::MetricFamily& family : families) {
    if (family.name != "ssh_keepalive_" + std::string(name)) {
      continue;
    }
    for (const prometheus::ClientMetric& metric : family.metric) {
      std::string labels;
      for (const prometheus::ClientMetric::Label& label : metric.label) {
        labels += (labels.empty() ? "" : ",") + label.name + "=" + label.value;
      }
      EXPECT_TRUE(values.emplace(labels, metric.gauge.value).second) << labels;
    }
  }
  return values;
}

}  // namespace ssh_keepalive::testing

#endif  // SSH_KEEPALIVE_TESTS_METRIC_SERIES_H_
