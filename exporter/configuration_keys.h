// The table of sections and keys of the configuration file.
#ifndef SSH_KEEPALIVE_EXPORTER_CONFIGURATION_KEYS_H_
#define SSH_KEEPALIVE_EXPORTER_CONFIGURATION_KEYS_H_

#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/result.h"
#include "exporter/settings.h"

namespace ssh_keepalive {

bool is_known_section(std::string_view section);

// Sets one key. Errors: kInvalid, whose `reason` names the key and what would
// be right.
Result<void> apply_key(std::string_view section, std::string_view key,
                       std::string_view value, Settings& settings);

// "section.key" of every row, for the test that holds the reference page
// against the program. [path NAME] is "path.key".
std::vector<std::string> known_keys();

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CONFIGURATION_KEYS_H_
