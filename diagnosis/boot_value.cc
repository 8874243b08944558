#include "diagnosis/boot_value.h"

#include "diagnosis/sysctl_defaults.h"

namespace ssh_keepalive::diagnosis {

BootValue boot_value(const sysctl::FileSetting& setting,
                     std::optional<std::int64_t> live) {
  if (!setting.known) {
    return BootValue::kUnknown;
  }
  if (!setting.source) {
    return !live || live == sysctl_default(setting.live) ? BootValue::kSame
                                                         : BootValue::kUnset;
  }
  if (!live) {
    return BootValue::kAbsent;
  }
  if (setting.value == live) {
    return BootValue::kSame;
  }
  return setting.accepted() ? BootValue::kOther : BootValue::kRefused;
}

}  // namespace ssh_keepalive::diagnosis
