#ifndef SSH_KEEPALIVE_EXPORTER_SERVE_H_
#define SSH_KEEPALIVE_EXPORTER_SERVE_H_

#include "exporter/log.h"
#include "exporter/service.h"

namespace ssh_keepalive {

// Serves HTTP until SIGTERM or SIGINT; SIGHUP reloads the configuration.
// Blocks those signals in the calling thread, which must be the only one.
// Errors: those of http::Server::start.
Result<void> serve(Service& service, Log& log);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_SERVE_H_
