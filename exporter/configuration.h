// The program's own configuration file: INI, strict. Every key and value is in
// docs/configuration.md.
#ifndef SSH_KEEPALIVE_EXPORTER_CONFIGURATION_H_
#define SSH_KEEPALIVE_EXPORTER_CONFIGURATION_H_

#include <string>
#include <string_view>

#include "collectors/base/result.h"
#include "exporter/settings.h"

namespace ssh_keepalive {

// Puts what the text says over `settings`. `name` is what errors call the
// file. Errors: kInvalid, subject "file:line", for the first unknown section
// or key, repeated key, bad value, or line that inih would misread (longer
// than kMaxConfigurationLine, indented, with a NUL byte).
Result<void> apply_configuration(std::string_view text, const std::string& name,
                                 Settings& settings);

// Reads the file (a plain path of this machine, never under --root) and
// applies it. Errors also: kAbsent, kDenied, kLimit.
Result<void> apply_configuration_file(const std::string& path,
                                      Settings& settings);

// inih keeps 198 bytes of a line and 49 of a section's name.
inline constexpr std::size_t kMaxConfigurationLine = 190;
inline constexpr std::size_t kMaxSectionName = 49;

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CONFIGURATION_H_
