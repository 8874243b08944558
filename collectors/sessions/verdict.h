// What the processes that hold a session's socket tell of it.
#ifndef SSH_KEEPALIVE_COLLECTORS_SESSIONS_VERDICT_H_
#define SSH_KEEPALIVE_COLLECTORS_SESSIONS_VERDICT_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/processes/process.h"
#include "collectors/sessions/session.h"

namespace ssh_keepalive::sessions {

// A process that has the socket behind that descriptor.
struct Holder {
  int pid = 0;
  int descriptor = 0;
};

// What else there is to know, and what was read before in the same look.
class Surroundings {
 public:
  // `programs`: the SSH programs, by pid.
  Surroundings(const HostRoot& root,
               const std::map<int, processes::Process>& programs);

  [[nodiscard]] const HostRoot& root() const { return root_; }

  // sshds that this process has started.
  [[nodiscard]] std::vector<processes::Process> sshd_children(int pid) const;

  // The listening sshd or dropbear above the process; 0 where there is none.
  int listener_above(const processes::Process& process);

  // The name that the user database of the process's root has for `uid`, the
  // process's. `title_user` where that is one of the user's names, or the only
  // one that is known.
  std::string user_of(int pid, std::optional<std::uint32_t> uid,
                      const std::string& title_user);

 private:
  const HostRoot& root_;
  std::multimap<int, const processes::Process*> sshds_by_parent_;
  std::map<int, bool> is_listener_;
  std::map<std::pair<std::uint32_t, std::string>, std::string> users_;
};

// Where a connection stands in its process.
struct Place {
  Role by_ports = Role::kUnknown;
  // Whether it is the first descriptor of its process that is a connection of
  // the role which the process's program itself has: what such a program opens
  // or accepts for its user comes later.
  std::function<bool(const Holder&)> is_first;
};

// How a verdict can change while its process keeps the socket.
enum class Change : std::uint8_t {
  kNone,       // but for its terminals, where it is a user's
  kOfItself,   // the process, or a child of it, will tell more
  kByAnother,  // another process will share the socket
};

struct Verdict {
  Owner owner;
  // Of the owner: gone when it is another process.
  std::uint64_t start_ticks = 0;
  std::optional<int> descriptor;  // nothing: it could not be seen
  std::optional<std::uint32_t> uid;
  std::optional<Role> role;  // nothing: as the ports say
  Phase phase = Phase::kUnknown;
  Change change = Change::kNone;
};

// `holders` that are gone are taken out of it. Nothing where none is left.
std::optional<Verdict> judge(std::vector<Holder>& holders, std::uint64_t inode,
                             const Place& place, Surroundings& surroundings);

}  // namespace ssh_keepalive::sessions

#endif  // SSH_KEEPALIVE_COLLECTORS_SESSIONS_VERDICT_H_
