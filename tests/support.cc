#include "tests/support.h"

namespace ssh_keepalive::testing {

std::string source_directory() { return SSH_KEEPALIVE_SOURCE_DIR; }

}  // namespace ssh_keepalive::testing
