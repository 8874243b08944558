// The kernel's TCP settings as `explain tcp` shows them: what they are now, and
// which line sets them at boot.
#ifndef SSH_KEEPALIVE_EXPORTER_CLI_KERNEL_SETTINGS_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_KERNEL_SETTINGS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/file_line.h"
#include "collectors/sysctl/sysctl.h"
#include "collectors/sysctl/sysctl_files.h"

namespace ssh_keepalive {

struct KernelSetting {
  const sysctl::FileSetting& files;   // what the files say
  std::optional<std::int64_t> value;  // now; nothing: not there, or not read
  std::string_view unit;              // empty: a plain count
  std::int64_t kernel_default = 0;
  std::string note;  // where the two differ, and what is odd; or empty

  // Nothing sets it, and it is what the kernel starts with.
  [[nodiscard]] bool is_default() const {
    return files.known && !files.source && value == kernel_default;
  }
};

// In the order of the facts. They refer to `files`, which must outlive them.
std::vector<KernelSetting> kernel_settings(const sysctl::Facts& facts,
                                           const sysctl::FileFacts& files);

// "75 seconds".
std::string amount_text(std::int64_t number, std::string_view unit);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_KERNEL_SETTINGS_H_
