#include "collectors/sshd_config/effective.h"

#include <algorithm>
#include <utility>

#include "collectors/openssh_syntax/words.h"
#include "collectors/sshd_config/listen.h"

namespace ssh_keepalive::sshd_config {
namespace {

template <typename T>
void take(const std::optional<Value<T>>& from, Value<T>& into) {
  if (from) {
    into = *from;
  }
}

// What a matching block says beats what stands before all blocks.
template <typename T>
void override_with(const std::optional<Value<T>>& from, std::string_view name,
                   Value<T>& into, std::vector<Shadowed>& shadowed) {
  if (!from) {
    return;
  }
  // A line of a `Match all` block was seen in both passes.
  std::erase_if(shadowed, [&from](const Shadowed& shadow) {
    return shadow.line == *from->source;
  });
  if (into.source && *into.source != *from->source) {
    shadowed.push_back(
        {.keyword = name, .line = *into.source, .by = *from->source});
  }
  into = *from;
}

}  // namespace

Effective to_effective(Settings& settings) {
  constexpr int kDefaultPort = 22;
  Effective effective;
  effective.ports = settings.ports;
  if (effective.ports.empty()) {
    effective.ports.push_back({kDefaultPort, std::nullopt});
  }
  effective.listen_addresses = listen_addresses(settings, effective.ports);
  take(settings.tcp_keepalive, effective.tcp_keepalive);
  take(settings.client_alive_interval_seconds,
       effective.client_alive_interval_seconds);
  take(settings.client_alive_count_max, effective.client_alive_count_max);
  take(settings.login_grace_seconds, effective.login_grace_seconds);
  take(settings.pid_file, effective.pid_file);
  take(settings.channel_timeouts, effective.channel_timeouts);
  std::vector<std::string>& timeouts = effective.channel_timeouts.value;
  if (timeouts.size() == 1 && openssh::to_lower(timeouts.front()) == "none") {
    timeouts.clear();  // a block's `none` stays a word
  }
  take(settings.unused_connection_timeout_seconds,
       effective.unused_connection_timeout_seconds);
  effective.shadowed = std::move(settings.shadowed);
  return effective;
}

void override_effective(Settings& settings, Effective& effective) {
  std::vector<Shadowed>& shadowed = effective.shadowed;
  override_with(settings.client_alive_interval_seconds, "clientaliveinterval",
                effective.client_alive_interval_seconds, shadowed);
  override_with(settings.client_alive_count_max, "clientalivecountmax",
                effective.client_alive_count_max, shadowed);
  override_with(settings.channel_timeouts, "channeltimeout",
                effective.channel_timeouts, shadowed);
  override_with(settings.unused_connection_timeout_seconds,
                "unusedconnectiontimeout",
                effective.unused_connection_timeout_seconds, shadowed);
  for (const Shadowed& line : settings.shadowed) {
    if (std::ranges::find(shadowed, line.line, &Shadowed::line) ==
        shadowed.end()) {
      shadowed.push_back(line);
    }
  }
}

}  // namespace ssh_keepalive::sshd_config
