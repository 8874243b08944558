// Any bytes as a file that may say who owns it: only names of the set come out.
#include <algorithm>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "collectors/base/managed_by.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::vector<char> copy(data, data + size);
  const auto manager =
      ssh_keepalive::manager_named_in({copy.data(), copy.size()});
  if (manager && std::ranges::find(ssh_keepalive::kManagers, *manager) ==
                     ssh_keepalive::kManagers.end()) {
    std::abort();
  }
  return 0;
}
