// Facts and the report on them → what is to be said of each alert.
#ifndef SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_JUDGE_H_
#define SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_JUDGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "diagnosis/report.h"
#include "exporter/alertmanager/alert_table.h"

namespace ssh_keepalive::alertmanager {

enum class AlertState : std::uint8_t {
  kOpen,
  kClosed,
  kUnknown,  // the facts are missing that would tell
};

struct Judged {
  const AlertRow* row = nullptr;
  AlertState state = AlertState::kUnknown;
  // Of an open one: each finding of the check with its remedy, without
  // identities; of bounded length.
  std::string description;
};

// One for each row of kAlerts, in their order. `facts` are those of the report.
std::vector<Judged> judge(const Facts& facts, const diagnosis::Report& report);

}  // namespace ssh_keepalive::alertmanager

#endif  // SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_JUDGE_H_
