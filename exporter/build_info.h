#ifndef SSH_KEEPALIVE_EXPORTER_BUILD_INFO_H_
#define SSH_KEEPALIVE_EXPORTER_BUILD_INFO_H_

#include <string>
#include <string_view>

namespace ssh_keepalive {

std::string_view build_version();   // "0.1.0"
std::string_view build_revision();  // the commit; "unknown" outside git

// What --version prints.
std::string version_line();

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_BUILD_INFO_H_
