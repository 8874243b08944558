#include "diagnosis/judged_session.h"

namespace ssh_keepalive::diagnosis {

std::vector<JudgedSession> judged_sessions(const Facts& facts,
                                           const Report& report) {
  std::vector<JudgedSession> all;
  for (std::size_t i = 0; i < report.sessions.size(); ++i) {
    JudgedSession& one =
        all.emplace_back(JudgedSession{.session = facts.sessions->sessions[i],
                                       .verdict = report.sessions[i],
                                       .outdated_sshd = {},
                                       .outdated_ssh = {}});
    if (i < facts.live_settings.size()) {
      one.outdated_sshd = facts.live_settings[i].outdated_sshd;
      one.outdated_ssh = facts.live_settings[i].outdated_ssh;
    }
  }
  return all;
}

}  // namespace ssh_keepalive::diagnosis
