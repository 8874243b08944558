// Whose the sessions are, from one look to the next.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_OWNERS_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_OWNERS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/sessions/session.h"
#include "collectors/sessions/socket_holders.h"
#include "collectors/sessions/verdict.h"

namespace ssh_keepalive::sessions {

// Fills in `owner`, `phase` and, where the owner tells it better than the
// ports, `role`. What it found once it only looks at again as far as it can
// change: a session that is known costs one system call. It may be asked about
// sockets of any network namespace, about all of them in one call. Not safe to
// use from several threads.
//
// Rights: CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH for other users' processes.
// What they hold is unknown without.
class Owners {
 public:
  // Titles of authenticated sessions that are read again at each look: with
  // more sessions their terminals are some looks old.
  static constexpr std::size_t kTitlesPerLook = 256;
  // A socket whose process was not found is searched for again after this, and
  // twice as long each time, up to the most.
  static constexpr std::chrono::seconds kFirstPause{1};
  static constexpr std::chrono::seconds kLongestPause{600};

  // `now` is of a steady clock.
  void complete(const HostRoot& root, std::chrono::steady_clock::time_point now,
                std::vector<Session>& sessions);

 private:
  using Time = std::chrono::steady_clock::time_point;

  // What is known of one socket.
  struct Entry {
    std::optional<std::uint64_t> cookie;
    std::vector<Holder> holders;
    std::optional<Verdict> verdict;
    bool judge_again = false;
    int failures = 0;  // searches in vain
    Time search_at;    // not before
  };
  struct Look;

  void recognise(Look& look);
  void check(Look& look, std::uint64_t inode, Entry& entry);
  void search(Look& look);
  void judge_all(Look& look);
  void drop(Entry& entry);

  std::unordered_map<std::uint64_t, Entry> entries_;  // by inode
  SocketHolders holders_;
  std::uint64_t looks_ = 0;
};

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_OWNERS_H_
