// Facts and the report on them → what is to be said of each alert.
#ifndef SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_JUDGE_H_
#define SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_JUDGE_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "diagnosis/report.h"
#include "exporter/alertmanager/alert_table.h"
#include "exporter/scrape.h"

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

// A collector that has failed for longer than this fails for good: a file that
// it may not read, as a rule. Alerts do not wait for what it would tell.
inline constexpr std::chrono::hours kLongestFailure{1};

// Whether what it does not tell may only be missing for the moment, so that a
// finding that is gone need not be mended. `watched_since`: before that, nobody
// knows.
bool fails_for_now(const CollectorOutcome& outcome,
                   std::chrono::system_clock::time_point watched_since,
                   std::chrono::system_clock::time_point now);

}  // namespace ssh_keepalive::alertmanager

#endif  // SSH_KEEPALIVE_EXPORTER_ALERTMANAGER_JUDGE_H_
