#include <utility>

#include "collectors/base/metrics.h"
#include "fin_timeout.h"

namespace ssh_keepalive::fin_timeout {

void append_metrics(const Facts& facts,
                    std::vector<prometheus::MetricFamily>& families) {
  if (!facts.seconds) {
    return;  // unknown, and not 0
  }
  prometheus::MetricFamily family =
      gauge_family("sysctl_tcp_fin_timeout_seconds",
                   "How long a closed connection waits for its peer's FIN, "
                   "from net.ipv4.tcp_fin_timeout.");
  add_gauge(family, {}, static_cast<double>(*facts.seconds));
  families.push_back(std::move(family));
}

}  // namespace ssh_keepalive::fin_timeout
