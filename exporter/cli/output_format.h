#ifndef SSH_KEEPALIVE_EXPORTER_CLI_OUTPUT_FORMAT_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_OUTPUT_FORMAT_H_

namespace ssh_keepalive {

// --format of the commands that print.
enum class OutputFormat {
  kText,     // for people
  kJson,     // docs/json.md, "version": 1
  kOpenSsh,  // `explain` only: lines `keyword value` as `sshd -T`, `ssh -G`
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_OUTPUT_FORMAT_H_
