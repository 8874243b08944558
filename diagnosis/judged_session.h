// A session with what is said of it.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_JUDGED_SESSION_H_
#define SSH_KEEPALIVE_DIAGNOSIS_JUDGED_SESSION_H_

#include <optional>
#include <vector>

#include "diagnosis/report.h"

namespace ssh_keepalive::diagnosis {

struct JudgedSession {
  sessions::Session session;
  SessionVerdict verdict;
  std::optional<bool> outdated_sshd;
  std::optional<bool> outdated_ssh;
};

// Those of the facts, in their order; `report` is about the same facts.
std::vector<JudgedSession> judged_sessions(const Facts& facts,
                                           const Report& report);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_JUDGED_SESSION_H_
