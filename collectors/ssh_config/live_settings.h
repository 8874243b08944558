// For LiveClients: from an evaluation to what a running ssh uses.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_LIVE_SETTINGS_H_
#define SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_LIVE_SETTINGS_H_

#include <optional>

#include "collectors/processes/process.h"
#include "collectors/ssh_config/evaluate.h"
#include "collectors/ssh_config/live_client.h"

namespace ssh_keepalive::ssh_config {

// `evaluation` without refusals, of files as they are now. Where one was
// changed after the process had started, at `started_at`, only options are
// known. Without that time the files count as those that it has read.
void fill_settings(const Evaluation& evaluation,
                   std::optional<processes::Time> started_at,
                   LiveClient& client);

}  // namespace ssh_keepalive::ssh_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_LIVE_SETTINGS_H_
