// The grammar of OpenSSH's values.
#ifndef SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_VALUES_H_
#define SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_VALUES_H_

#include <optional>
#include <string_view>

#include "collectors/openssh_syntax/services.h"
#include "collectors/openssh_syntax/version.h"

namespace ssh_keepalive::openssh {

// A time in seconds, 0 to INT_MAX: "90", "1h30m" (convtime() of misc.c).
// Until 9.7 white space and a sign may stand before each number. From 10.3 on
// "1.5" is taken too, and cut to 1. Until 8.4 what is larger is cut to 32 bits,
// and may come out negative. Nothing for other texts.
std::optional<int> parse_time(std::string_view text, Release release);

// A whole number, 0 to INT_MAX (atoi_err() of misc.c).
std::optional<int> parse_count(std::string_view text);

// A TCP port, 0 to 65535, or the name of a service (a2port() of misc.c).
std::optional<int> parse_port(std::string_view text, const Services& services);

}  // namespace ssh_keepalive::openssh

#endif  // SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_VALUES_H_
