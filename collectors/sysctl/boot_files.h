// What the files of sysctl.d(5) set at boot, as systemd-sysctl(8) of systemd
// 252 reads them: src/sysctl/sysctl.c and src/basic/conf-files.c.
#ifndef SSH_KEEPALIVE_COLLECTORS_SYSCTL_BOOT_FILES_H_
#define SSH_KEEPALIVE_COLLECTORS_SYSCTL_BOOT_FILES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"

namespace ssh_keepalive::sysctl {

// A line of a file. `file` is the path below the host's root.
struct Place {
  std::string file;
  int line = 0;  // from 1 on

  bool operator==(const Place&) const = default;
};

// One line of the files: an assignment, or an exclusion ("-net.ipv4.x").
struct BootLine {
  std::string key;  // "net/ipv4/tcp_keepalive_time", or a pattern (glob(7))
  std::optional<std::string> value;  // nothing: an exclusion
  Place place;
};

struct BootFiles {
  // In the order in which they are read.
  std::vector<BootLine> lines;
  // Those of /etc/sysctl.conf where no file of sysctl.d links to it, as since
  // Debian 13: sysctl(8) reads it when told to, nothing does at boot.
  std::vector<BootLine> not_read;
  // Files that could not be read: what they set is unknown.
  std::vector<Error> errors;
};

// What happens to one setting at boot.
struct BootSetting {
  // The line that acts; nothing: the kernel's default stays.
  std::optional<Place> place;
  // Its number; nothing where the kernel refuses it.
  std::optional<std::int64_t> value;
  // Lines for the same setting that never act.
  std::vector<Place> shadowed;
  // The line of /etc/sysctl.conf that nothing reads.
  std::optional<Place> not_read;

  bool operator==(const BootSetting&) const = default;
};

// Reads the lines of one file, but not those that are no assignment.
std::vector<BootLine> parse_boot_file(std::string_view content,
                                      const std::string& file);

// The number that the kernel takes a text for: decimal, octal (0) or
// hexadecimal (0x), up to a blank. Nothing where it refuses the text.
std::optional<std::int64_t> parse_boot_value(std::string_view text);

// Reads all files that systemd-sysctl would, of at most 1 MiB each.
BootFiles read_boot_files(const HostRoot& root);

// `key` has slashes: "net/ipv4/tcp_keepalive_time".
BootSetting boot_setting(const BootFiles& files, const std::string& key);

}  // namespace ssh_keepalive::sysctl

#endif  // SSH_KEEPALIVE_COLLECTORS_SYSCTL_BOOT_FILES_H_
