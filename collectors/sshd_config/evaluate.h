// What sshd makes of its configuration: servconf.c of OpenSSH.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_EVALUATE_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_EVALUATE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/sshd_config/connection.h"
#include "collectors/sshd_config/document.h"

namespace ssh_keepalive::sshd_config {

template <typename T>
struct Value {
  T value{};
  std::optional<Source> source;  // nothing: the default
};

struct ListenAddress {
  std::string host;      // "0.0.0.0", "::"; a name as the file has it
  bool numeric = false;  // not: sshd resolves the name when it starts
  int port = 0;
  std::string routing_domain;  // empty: none
  std::optional<Source> source;
};

// A line that does not act, and the one that acts in its place.
struct Shadowed {
  std::string_view keyword;
  Source line;
  Source by;
};

// A line of a Match block that does not match, so that it does not act here.
struct Conditional {
  std::string_view keyword;
  Source line;
  Source block;  // the Match
  // Written like a line outside the block, though it stands below the Match:
  // not indented, where the Match line is not indented either.
  bool looks_global = false;
};

struct Effective {
  std::vector<Value<int>> ports;
  std::vector<ListenAddress> listen_addresses;
  Value<bool> tcp_keepalive{true};
  // 0: off. Negative, too: what 8.4 makes of more than INT_MAX.
  Value<int> client_alive_interval_seconds{0};
  Value<int> client_alive_count_max{3};
  Value<int> login_grace_seconds{120};  // 0: no limit
  // TYPE=TIME words as the file has them; none is empty, but in a Match block
  // the word "none". From 9.2 on.
  Value<std::vector<std::string>> channel_timeouts;
  Value<int> unused_connection_timeout_seconds{0};  // 0: none. From 9.2 on.
  // Where the daemon writes its pid when it has read its configuration; "none"
  // for nowhere.
  Value<std::string> pid_file{"/run/sshd.pid"};
  std::vector<Shadowed> shadowed;
  std::vector<Conditional> conditional;
};

struct Evaluation {
  std::optional<Refusal> refusal;  // then `effective` means nothing
  // A file that is included could not be read (kDenied), or there is more than
  // this program is willing to take (kLimit): then nothing can be said.
  std::optional<Error> unknown;
  Effective effective;
};

// The values for a connection, as `sshd -T -C` gives them; without one, those
// that hold before any Match block but `Match all` is looked at.
Evaluation evaluate(const Document& document, const Connection* connection);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_EVALUATE_H_
