// What all checks have in common.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_CHECKS_CHECK_H_
#define SSH_KEEPALIVE_DIAGNOSIS_CHECKS_CHECK_H_

#include <optional>
#include <string_view>
#include <vector>

#include "diagnosis/configured.h"
#include "diagnosis/finding.h"
#include "diagnosis/policy.h"
#include "diagnosis/session_verdict.h"

namespace ssh_keepalive::diagnosis {

// All that a check may look at.
struct CheckInput {
  const Facts& facts;
  const Policy& policy;
  const std::vector<ConfiguredEnd>& configured;
  const std::vector<SessionVerdict>& sessions;  // of the facts, in their order
};

// Nothing: the facts that the check needs are unknown, so that it cannot say
// that all is well.
using Findings = std::optional<std::vector<Finding>>;

struct Check {
  std::string_view name;  // value of the label `check`
  Findings (*run)(const CheckInput& input);
};

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_CHECKS_CHECK_H_
