#include "exporter/build_info.h"

#include "build_revision.h"  // written at build time: exporter/revision.cmake

namespace ssh_keepalive {

std::string_view build_version() { return SSH_KEEPALIVE_VERSION; }

std::string_view build_revision() { return SSH_KEEPALIVE_REVISION; }

std::string version_line() {
  return "ssh_keepalive_exporter, version " + std::string(build_version()) +
         " (revision: " + std::string(build_revision()) + ")";
}

}  // namespace ssh_keepalive
