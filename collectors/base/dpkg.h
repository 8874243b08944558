#ifndef SSH_KEEPALIVE_COLLECTORS_BASE_DPKG_H_
#define SSH_KEEPALIVE_COLLECTORS_BASE_DPKG_H_

#include <string>
#include <string_view>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"

namespace ssh_keepalive {

// dpkg's database of packages.
inline constexpr const char* kDpkgStatus = "/var/lib/dpkg/status";

// The version of an installed package as dpkg writes it ("1:9.2p1-2+deb12u3").
// No program is ever started, and the whole database is read: some megabytes.
// Errors: kAbsent where there is no such database or package; read_file()'s.
Result<std::string> package_version(const HostRoot& root,
                                    std::string_view package);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_BASE_DPKG_H_
