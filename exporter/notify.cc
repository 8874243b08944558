#include "exporter/notify.h"

#include <systemd/sd-daemon.h>

#include <cstdint>

namespace ssh_keepalive {
namespace {

// A manager that does not listen is no reason to stop serving: its own time
// limits tell it.
void tell(const std::string& state) {
  static_cast<void>(::sd_notify(0, state.c_str()));
}

}  // namespace

void notify_ready(const std::string& status) {
  tell("READY=1\nSTATUS=" + status);
}

void notify_reloading() {
  // The time lets Type=notify-reload tell this reload from one before.
  const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
  tell("RELOADING=1\nSTATUS=Reloading\nMONOTONIC_USEC=" +
       std::to_string(now.count()));
}

void notify_stopping() { tell("STOPPING=1\nSTATUS=Stopping"); }

void notify_alive() { tell("WATCHDOG=1"); }

std::optional<std::chrono::microseconds> alive_interval() {
  std::uint64_t watchdog_usec = 0;
  if (::sd_watchdog_enabled(0, &watchdog_usec) <= 0) {
    return std::nullopt;
  }
  return std::chrono::microseconds(watchdog_usec / 3);
}

}  // namespace ssh_keepalive
