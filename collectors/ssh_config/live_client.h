// What a running ssh uses: its command line on top of its user's files.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_LIVE_CLIENT_H_
#define SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_LIVE_CLIENT_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "collectors/base/file_line.h"
#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/openssh_syntax/channel_timeout.h"
#include "collectors/openssh_syntax/version.h"
#include "collectors/processes/process.h"
#include "collectors/ssh_config/evaluate.h"

namespace ssh_keepalive::ssh_config {

template <typename T>
struct Setting {
  std::optional<T> value;
  // The line that decided; kCommandLine with line 0 for an option. Absent where
  // nothing sets it.
  std::optional<FileLine> source;
  std::string reason;  // why there is no value

  bool operator==(const Setting&) const = default;
};

struct ControlPersist {
  bool enabled = false;
  std::optional<std::int64_t> seconds;  // absent: for ever

  bool operator==(const ControlPersist&) const = default;
};

struct LiveClient {
  Setting<std::int64_t> server_alive_interval_seconds;  // 0: off
  // "BatchMode yes" gave that interval, as in Debian's ssh: `source` is its
  // line.
  bool interval_is_implied = false;
  Setting<std::int64_t> server_alive_count_max;
  Setting<bool> tcp_keepalive;
  // Behind ProxyJump or ProxyCommand: TCP keepalive does not act.
  Setting<bool> proxied;
  // Whether it is asked to share its connection; without a ControlPath, which
  // is not looked at, it does not.
  Setting<bool> control_master;
  Setting<ControlPersist> control_persist;
  // None up to 9.5, which do not know them.
  Setting<std::vector<openssh::ChannelTimeout>> channel_timeouts;
  std::optional<SessionKind> session;  // absent: undecided
  openssh::Version version;
  // Whether it runs the ssh of Debian's package. Of another one, version and
  // system-wide file are those of the package, as far as anybody knows.
  bool is_packaged = true;
  // Whether the same command would now get other settings, of those above.
  // Where the files have changed before anybody knew them: whether they matter.
  // Nothing: unknown.
  std::optional<bool> outdated;
};

// The same for a session: where values, not their lines, are concerned.
bool is_same(const LiveClient& a, const LiveClient& b);

// The running ssh of a host, from one look to the next. What is known of a
// process is kept: ssh reads its files once. Not safe to use from several
// threads.
//
// Rights: CAP_SYS_PTRACE for other users' processes, CAP_SETUID and CAP_SETGID
// to read with their rights what they have read.
class LiveClients {
 public:
  // How long the configurations of one user's new processes may take at one
  // look; the others wait for the next.
  static constexpr std::chrono::milliseconds kTimePerUser{500};
  static constexpr std::size_t kMaxKept = 10'000;
  // How often a process' files are read again, to see whether it is outdated,
  // and how long that may take at one look.
  static constexpr std::chrono::seconds kCheckAfter{60};
  static constexpr std::chrono::milliseconds kTimeToCheck{20};

  // Before each look. Forgets the processes that no one has asked about since
  // the last call.
  void refresh(std::chrono::steady_clock::time_point now =
                   std::chrono::steady_clock::now());

  // `process`: one that calls itself ssh. Valid until the next call of either
  // function. Errors: kAbsent (it is gone, its command line is a title, its
  // user is not in /etc/passwd, a file that -F names does not exist), kDenied
  // (it may not be looked at, or this process may not act for its user),
  // kInvalid (ssh would refuse that command line or a file: what is seen is not
  // what it has read), kLimit (too much at one look, or too large).
  const Result<LiveClient>& find(const HostRoot& root,
                                 const processes::Process& process);

 private:
  using Key = std::pair<int, std::uint64_t>;  // pid, start

  struct Entry {
    Result<LiveClient> client;
    // Its files had not changed before the first look.
    bool comparable = false;
    bool seen = false;  // since refresh()
    std::chrono::steady_clock::time_point checked;
  };

  // The parsed files of the user that was asked about last.
  struct UserFiles {
    std::uint32_t uid = 0;
    std::string root;
    std::string version;
    std::unique_ptr<Files> files;
  };

  // `as_it_started`: its files count only where they are older than itself.
  Result<LiveClient> look_at(const HostRoot& root,
                             const processes::Process& process,
                             bool as_it_started);
  void check(const HostRoot& root, const processes::Process& process,
             Entry& entry);
  Files& files_of(std::uint32_t uid, const HostRoot& root,
                  const openssh::Version& version);
  Result<Evaluation> evaluate_client(const HostRoot& root, int pid,
                                     LiveClient& client);

  std::map<Key, Entry> entries_;
  std::map<std::uint32_t, std::chrono::nanoseconds> spent_;  // by uid
  std::chrono::steady_clock::time_point now_;                // of refresh()
  std::chrono::nanoseconds spent_checking_{};
  openssh::VersionMemory version_;
  UserFiles user_files_;
  Result<LiveClient> refused_ = Error{};  // of the last call, not kept
};

}  // namespace ssh_keepalive::ssh_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_LIVE_CLIENT_H_
