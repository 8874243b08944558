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

// One TYPE=TIME of ChannelTimeout.
struct ChannelTimeout {
  std::string pattern;
  std::int64_t seconds = 0;  // 0: never

  bool operator==(const ChannelTimeout&) const = default;
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
  Setting<std::vector<ChannelTimeout>> channel_timeouts;
  std::optional<SessionKind> session;  // absent: undecided
  openssh::Version version;
  // Whether it runs the ssh of Debian's package. Of another one, version and
  // system-wide file are those of the package, as far as anybody knows.
  bool is_packaged = true;
};

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

  // Before each look. Forgets the processes that no one has asked about since
  // the last call.
  void refresh();

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
    bool seen = false;  // since refresh()
  };

  // The parsed files of the user that was asked about last.
  struct UserFiles {
    std::uint32_t uid = 0;
    std::string root;
    std::string version;
    std::unique_ptr<Files> files;
  };

  Result<LiveClient> look_at(const HostRoot& root,
                             const processes::Process& process);
  Files& files_of(std::uint32_t uid, const HostRoot& root,
                  const openssh::Version& version);
  Result<Evaluation> evaluate_client(const HostRoot& root, int pid,
                                     LiveClient& client);

  std::map<Key, Entry> entries_;
  std::map<std::uint32_t, std::chrono::nanoseconds> spent_;  // by uid
  openssh::VersionMemory version_;
  UserFiles user_files_;
  Result<LiveClient> refused_ = Error{};  // of the last call, not kept
};

}  // namespace ssh_keepalive::ssh_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_LIVE_CLIENT_H_
