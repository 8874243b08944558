#include "diagnosis/judged_session.h"

namespace ssh_keepalive::diagnosis {

std::vector<JudgedSession> judged_sessions(const Facts& facts,
                                           const Report& report) {
  std::vector<JudgedSession> all;
  for (std::size_t i = 0; i < report.sessions.size(); ++i) {
    all.push_back({.session = facts.sessions->sessions[i],
                   .verdict = report.sessions[i],
                   .outdated_sshd = i < facts.live_settings.size()
                                        ? facts.live_settings[i].outdated_sshd
                                        : std::nullopt});
  }
  return all;
}

}  // namespace ssh_keepalive::diagnosis
