// Facts and the operator's policy → what they mean.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_REPORT_H_
#define SSH_KEEPALIVE_DIAGNOSIS_REPORT_H_

#include <optional>
#include <string_view>
#include <vector>

#include "collectors/registry.h"
#include "diagnosis/configured.h"
#include "diagnosis/finding.h"
#include "diagnosis/policy.h"
#include "diagnosis/session_verdict.h"

namespace ssh_keepalive::diagnosis {

// Whether a check could say anything.
struct CheckOutcome {
  std::string_view name;
  bool evaluated = false;
};

struct Report {
  Policy policy;
  std::vector<ConfiguredEnd> configured;
  // On each of the sessions of the facts, in their order.
  std::vector<SessionVerdict> sessions;
  std::vector<CheckOutcome> checks;  // in the order of kChecks
  std::vector<Finding> findings;     // the gravest first
};

// The gravest severity of the findings; nothing where it is not known whether
// sessions are refreshed in time, and nothing else is wrong.
std::optional<Severity> verdict_of(const Report& report);

// Those of `one` whose check says nothing of the same subject in `other`.
std::vector<Finding> only_in(const Report& one, const Report& other);

// `facts` must outlive the report.
Report diagnose(const Facts& facts, const Policy& policy);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_REPORT_H_
