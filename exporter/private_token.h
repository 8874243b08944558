#ifndef SSH_KEEPALIVE_EXPORTER_PRIVATE_TOKEN_H_
#define SSH_KEEPALIVE_EXPORTER_PRIVATE_TOKEN_H_

#include "collectors/base/result.h"
#include "exporter/settings.h"

namespace ssh_keepalive {

// Reads [web] private_token_file of the running system into
// `web.private_token`: one line of 16 to 1024 printable characters of ASCII
// without spaces. Nothing is done where no file is configured. Errors: those of
// read_file; kInvalid for other content, which the error does not quote.
Result<void> read_private_token(Settings& settings);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_PRIVATE_TOKEN_H_
