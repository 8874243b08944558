// The programs that speak SSH, by the names of their processes.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_PROGRAM_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_PROGRAM_H_

#include <algorithm>
#include <array>
#include <string_view>

#include "collectors/sessions/owner.h"

namespace ssh_keepalive::sessions {

enum class Family : std::uint8_t { kSshd, kSsh, kDropbear, kDbclient, kOther };

struct Program {
  std::string_view name;
  Family family = Family::kOther;
  Implementation implementation = Implementation::kOther;
};

// OpenSSH's server is sshd alone up to 9.7; from 9.8 on each connection is
// served by sshd-session, from 10.0 on with sshd-auth until the user is known.
inline constexpr std::array kPrograms = {
    Program{"sshd", Family::kSshd, Implementation::kOpenSsh},
    Program{"sshd-session", Family::kSshd, Implementation::kOpenSsh},
    Program{"sshd-auth", Family::kSshd, Implementation::kOpenSsh},
    Program{"ssh", Family::kSsh, Implementation::kOpenSsh},
    Program{"dropbear", Family::kDropbear, Implementation::kDropbear},
    Program{"dbclient", Family::kDbclient, Implementation::kDropbear},
};

// Every other program.
inline constexpr Program kOtherProgram = {"other", Family::kOther,
                                          Implementation::kOther};

inline const Program& program_named(std::string_view name) {
  const auto* const found = std::ranges::find(kPrograms, name, &Program::name);
  return found == kPrograms.end() ? kOtherProgram : *found;
}

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_PROGRAM_H_
