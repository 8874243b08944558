// Which line of which file sets the kernel's TCP settings at boot: sysctl.d(5)
// as systemd-sysctl(8) of systemd 252 follows it. The kernel's command line and
// a credential (sysctl.extra) may set them too, and are not looked at.
#ifndef SSH_KEEPALIVE_COLLECTORS_SYSCTL_SYSCTL_FILES_H_
#define SSH_KEEPALIVE_COLLECTORS_SYSCTL_SYSCTL_FILES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/file_line.h"
#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/sysctl/sysctl.h"

namespace ssh_keepalive::sysctl {

// A line that sets a setting to no effect, and the one because of which. A
// whole file is one of the same name in a directory that goes first.
struct ShadowedLine {
  FileLine at;
  FileLine by;

  bool operator==(const ShadowedLine&) const = default;
};

// What the files say about one setting.
struct FileSetting {
  std::string_view name;  // "net.ipv4.tcp_keepalive_time"
  std::optional<std::int64_t> Facts::*live = nullptr;  // the same, as it is now
  std::int64_t lowest_value = 0;   // what the kernel surely refuses
  std::int64_t highest_value = 0;  // lies outside of these two

  // False: a file that may decide could not be read. Then no line is said to
  // decide, and only lines of replaced files are known to be shadowed.
  bool known = true;
  // The line that decides. Nothing: none does, and the setting keeps the
  // kernel's default.
  std::optional<FileLine> source;
  // What the kernel reads there, in the unit of `live`, also out of range.
  // Nothing: no line, or one that the kernel refuses.
  std::optional<std::int64_t> value;
  std::vector<ShadowedLine> shadowed;
  // Lines of an /etc/sysctl.conf that no link in those directories leads to:
  // systemd-sysctl does not read it.
  std::vector<FileLine> not_read;

  // Whether the kernel may take the deciding line's value.
  [[nodiscard]] bool accepted() const {
    return value && *value >= lowest_value && *value <= highest_value;
  }
};

struct FileFacts {
  std::vector<FileSetting> settings;  // in the order of Facts
  // The name by which systemd-sysctl reads /etc/sysctl.conf; Debian 12 has
  // /etc/sysctl.d/99-sysctl.conf.
  std::optional<std::string> sysctl_conf_link;
};

// Reads all of them under `root`. It takes as long as there are files: nothing
// for every scrape. Errors: files and directories that could not be read, or
// are too large or too many; the settings they may decide are not known then.
std::vector<Error> collect_files(const HostRoot& root, FileFacts& facts);

}  // namespace ssh_keepalive::sysctl

#endif  // SSH_KEEPALIVE_COLLECTORS_SYSCTL_SYSCTL_FILES_H_
