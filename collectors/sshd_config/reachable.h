// The worst that a connection can meet among Match blocks.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_REACHABLE_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_REACHABLE_H_

#include "collectors/sshd_config/document.h"
#include "collectors/sshd_config/evaluate.h"

namespace ssh_keepalive::sshd_config {

// ClientAliveInterval and ClientAliveCountMax of one connection.
struct ClientAlive {
  int interval_seconds = 0;  // 0 or less: off
  int count_max = 0;         // 0: sends messages, but never gives up (8.2 on)

  bool operator==(const ClientAlive&) const = default;
};

struct Reachable {
  // Of the connection with the longest interval; off is longest of all.
  ClientAlive latest_refresh;
  // Of the connection whose dead peer is found last; never is last of all.
  ClientAlive latest_end;
  // False where there are too many blocks to try: then both are what the values
  // of the file allow at most, though maybe no connection meets them.
  bool exact = true;
};

// Tries connections made to meet each block that sets one of the two values,
// and each pair of such blocks: two values never come from more than two. That
// groups of users overlap is taken for possible; sshd's ports are taken from
// `globals`, and users who do not exist are left out.
Reachable reachable(const Document& document, const Evaluation& globals);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_REACHABLE_H_
