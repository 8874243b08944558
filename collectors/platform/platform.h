// Which cloud the host runs on, by what its firmware says of itself (SMBIOS, in
// /sys/class/dmi/id). A cloud's network forgets idle connections after a time
// that its provider publishes.
#ifndef SSH_KEEPALIVE_COLLECTORS_PLATFORM_PLATFORM_H_
#define SSH_KEEPALIVE_COLLECTORS_PLATFORM_PLATFORM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"

namespace ssh_keepalive::platform {

enum class Cloud : std::uint8_t { kAws, kAzure, kGcp };

// "aws", "azure", "gcp".
std::string_view cloud_name(Cloud cloud);

struct Facts {
  // False: the machine has no SMBIOS, or it could not be read.
  bool known = false;
  // Nothing: none of these clouds, as far as is known.
  std::optional<Cloud> cloud;

  bool operator==(const Facts&) const = default;
};

// The files of /sys/class/dmi/id that tell clouds, without the line break at
// their ends; empty where a machine has no such file.
struct Dmi {
  std::string sys_vendor;
  std::string product_name;
  std::string bios_version;
  std::string chassis_asset_tag;
};

// Amazon's guest of Nitro or bare metal by its vendor, of Xen by its BIOS
// version ("4.11.amazon"); Google's by vendor and product, as Google also
// builds laptops; Microsoft's by vendor and the asset tag that Azure alone
// gives: other guests of Hyper-V have another one.
std::optional<Cloud> identify(const Dmi& dmi);

// Reads them under `root`. No such directory is no error. Errors: a file that
// exists and could not be read; then the cloud is not known.
std::vector<Error> collect(const HostRoot& root, Facts& facts);

}  // namespace ssh_keepalive::platform

#endif  // SSH_KEEPALIVE_COLLECTORS_PLATFORM_PLATFORM_H_
