// Whether two readings of a configuration say the same.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_FINGERPRINT_H_
#define SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_FINGERPRINT_H_

#include <cstdint>

#include "collectors/sshd_config/document.h"

namespace ssh_keepalive::sshd_config {

// Equal where sshd would read the same settings in the same order: comments,
// white space, letter case of keywords, the cut into files, and lines of this
// program's keywords that an earlier line makes idle do not count.
std::uint64_t fingerprint(const Document& document);

}  // namespace ssh_keepalive::sshd_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSHD_CONFIG_FINGERPRINT_H_
