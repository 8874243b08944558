// Whether a setting of the kernel is what the next boot makes it.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_BOOT_VALUE_H_
#define SSH_KEEPALIVE_DIAGNOSIS_BOOT_VALUE_H_

#include <cstdint>
#include <optional>

#include "collectors/sysctl/sysctl_files.h"

namespace ssh_keepalive::diagnosis {

enum class BootValue : std::uint8_t {
  kUnknown,  // a file that may decide could not be read
  kSame,
  kUnset,    // no line sets what is not the kernel's default
  kAbsent,   // a line sets it, and there is no such value now
  kRefused,  // the kernel refuses what the line says
  kOther,    // the line says another value
};

// `live`: the value now; nothing: there is none.
BootValue boot_value(const sysctl::FileSetting& setting,
                     std::optional<std::int64_t> live);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_BOOT_VALUE_H_
