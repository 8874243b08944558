// Exit codes of every command but `check` (docs/commands.md). Most are
// sysexits(3)'s.
#ifndef SSH_KEEPALIVE_EXPORTER_EXIT_CODE_H_
#define SSH_KEEPALIVE_EXPORTER_EXIT_CODE_H_

namespace ssh_keepalive {

enum class ExitCode : int {
  kOk = 0,
  kFailed = 1,         // run-time failure: port in use, netlink refused
  kUsage = 64,         // unknown command, flag or value
  kRefused = 65,       // OpenSSH would refuse the file
  kNoInput = 66,       // no such file
  kDenied = 77,        // not permitted to read
  kConfiguration = 78  // the program's own configuration is bad
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_EXIT_CODE_H_
