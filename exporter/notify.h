// What the service manager is told and asks for: sd_notify(3). Without one, all
// of this does nothing.
#ifndef SSH_KEEPALIVE_EXPORTER_NOTIFY_H_
#define SSH_KEEPALIVE_EXPORTER_NOTIFY_H_

#include <chrono>
#include <optional>
#include <string>

namespace ssh_keepalive {

// `status` is the line of `systemctl status`.
void notify_ready(const std::string& status);
void notify_reloading();  // until notify_ready
void notify_stopping();

// A sign of life for WatchdogSec=.
void notify_alive();

// How far signs of life are apart: a third of WatchdogSec=, so that one that
// is late ends nothing. Nothing: nobody waits for them.
std::optional<std::chrono::microseconds> alive_interval();

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_NOTIFY_H_
