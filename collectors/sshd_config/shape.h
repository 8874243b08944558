// Arguments of the keywords whose values this program does not look at.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_SHAPE_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_SHAPE_H_

#include <optional>
#include <set>
#include <string>

#include "collectors/sshd_config/document.h"

namespace ssh_keepalive::sshd_config {

// Why sshd refuses the number of arguments, or what a second `=` makes of
// them; nothing where it does not. `subsystems` are the names that active
// lines have defined so far: before 9.5 each may be defined once.
std::optional<std::string> refuse_shape(const Line& line,
                                        openssh::Release release, bool active,
                                        std::set<std::string>& subsystems);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_SHAPE_H_
