// How long systemd-logind lets a session without input live: StopIdleSessionSec
// of logind.conf(5). It goes by the terminal's atime, which input moves and
// keepalives do not; sessions without a terminal are exempt.
#ifndef SSH_KEEPALIVE_COLLECTORS_LOGIND_LOGIND_H_
#define SSH_KEEPALIVE_COLLECTORS_LOGIND_LOGIND_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/file_line.h"
#include "collectors/base/host_root.h"
#include "collectors/base/result.h"

namespace ssh_keepalive::logind {

// What logind reads when it starts. One that runs may have started before a
// line was written.
struct Facts {
  // False: a file that may decide could not be read.
  bool known = false;
  // Over 0. Nothing: never, which is the default and also what 0 means.
  std::optional<std::chrono::microseconds> stop_idle_session;
  // The line that decides; nothing where none does, or none is known to.
  std::optional<FileLine> source;
  // The installed systemd is older than the setting and passes over that line.
  bool ignored = false;

  bool operator==(const Facts&) const = default;
};

// Whether the systemd of that Debian package's version ("252.38-1~deb12u1") has
// the setting: from 252 on. True where the text is no version: systemd of
// Red Hat 8 (239) has it, too, so only what is surely older is said to ignore
// it.
bool has_stop_idle_session(std::string_view package_version);

// Applies one file to what the files before it gave: `facts.known` becomes true
// with an assignment, as the last one wins. One that systemd refuses, and an
// empty one is among those, changes nothing. Errors: such lines, and the one at
// which systemd stops reading; then `stopped` is true.
struct Applied {
  bool stopped = false;
  std::vector<Error> errors;
};
Applied apply_file(std::string_view text, const std::string& path,
                   Facts& facts);

// Reads, under `root`, the first main file of /etc/systemd, /run/systemd,
// /usr/local/lib/systemd and /usr/lib/systemd (older systemds know the one in
// /etc only), then the drop-ins of logind.conf.d there. Errors: files that
// could not be read, or of which systemd refuses something.
std::vector<Error> collect(const HostRoot& root, Facts& facts);

}  // namespace ssh_keepalive::logind

#endif  // SSH_KEEPALIVE_COLLECTORS_LOGIND_LOGIND_H_
