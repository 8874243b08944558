// What one more line of a configuration would change.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_WHAT_IF_H_
#define SSH_KEEPALIVE_DIAGNOSIS_WHAT_IF_H_

#include <string>
#include <string_view>
#include <variant>

#include "collectors/registry.h"

namespace ssh_keepalive::diagnosis {

enum class LineOf : std::uint8_t { kSysctl, kSshd, kSsh, kSshdAndSsh };

struct WhatIf {
  LineOf of = LineOf::kSysctl;
  // As they would be, with all live sessions of sshd and ssh opened anew.
  Facts facts;
};

// `line` is one of sysctl.d(5) (net.ipv4.tcp_keepalive_time = 600), of
// sshd_config(5), or of ssh_config(5); TCPKeepAlive is of both. It stands
// before all others, so that it wins outside of Match blocks; a sysctl acts in
// the host's namespace. The text is why the line says nothing: it is refused,
// or about none of the settings that matter here.
std::variant<WhatIf, std::string> what_if(const Facts& facts,
                                          std::string_view line);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_WHAT_IF_H_
