// Facts and the operator's policy → what they mean.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_REPORT_H_
#define SSH_KEEPALIVE_DIAGNOSIS_REPORT_H_

#include <vector>

#include "collectors/registry.h"
#include "diagnosis/configured.h"
#include "diagnosis/policy.h"
#include "diagnosis/session_verdict.h"

namespace ssh_keepalive::diagnosis {

struct Report {
  Policy policy;
  std::vector<ConfiguredEnd> configured;
  // On each of the sessions of the facts, in their order.
  std::vector<SessionVerdict> sessions;
};

Report diagnose(const Facts& facts, const Policy& policy);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_REPORT_H_
