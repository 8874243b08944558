#include "collectors/ssh_config/live_settings.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "collectors/ssh_config/client_command.h"

namespace ssh_keepalive::ssh_config {
namespace {

// A process' start is cut to ticks of 10 ms, and compared with another clock.
constexpr std::chrono::milliseconds kSlack{100};

FileLine to_line(const Location& location) {
  return {.file = location.file, .line = static_cast<int>(location.line)};
}

class Settings {
 public:
  Settings(const Evaluation& evaluation,
           std::optional<processes::Time> started_at)
      : evaluation_(evaluation) {
    const std::optional<NewestFile>& newest = evaluation.newest;
    if (newest && started_at &&
        std::chrono::nanoseconds(newest->changed_ns) >
            started_at->time_since_epoch() + kSlack) {
      stale_ = newest->path + " has been changed since";
    }
  }

  // `convert`: Outcome -> T. Nothing is known of a keyword that this ssh does
  // not have: then `otherwise`.
  template <typename T, typename Convert>
  [[nodiscard]] Setting<T> get(Keyword keyword, Convert convert,
                               T otherwise = {}) const {
    const Outcome* const outcome = evaluation_.find(keyword);
    if (outcome == nullptr) {
      return {.value = std::move(otherwise)};
    }
    Setting<T> setting;
    if (outcome->source) {
      setting.source = to_line(*outcome->source);
    }
    setting.reason = reason_against(*outcome);
    if (setting.reason.empty()) {
      setting.value = convert(*outcome);
    } else {
      setting.source.reset();
    }
    return setting;
  }

  // Since the process started.
  [[nodiscard]] bool have_changed() const { return !stale_.empty(); }

  [[nodiscard]] std::optional<SessionKind> session() const {
    return stale_.empty() ? evaluation_.session : std::nullopt;
  }

 private:
  // Why the value is not known; empty where it is.
  [[nodiscard]] std::string reason_against(const Outcome& outcome) const {
    // What BatchMode implies holds only where no file says otherwise.
    if (outcome.source && outcome.source->file == kCommandLine &&
        !outcome.is_default) {
      return "";
    }
    if (!stale_.empty()) {
      return stale_;
    }
    if (outcome.decided) {
      return "";
    }
    const auto entry = std::ranges::find(evaluation_.undecided, outcome.name,
                                         &Undecided::keyword);
    return entry == evaluation_.undecided.end()
               ? "undecided"
               : place_of(entry->source) + ": " + std::string(entry->reason);
  }

  const Evaluation& evaluation_;
  std::string stale_;
};

bool is_yes(const Outcome& outcome) { return outcome.number != 0; }

ControlPersist to_persist(const Outcome& outcome) {
  ControlPersist persist{.enabled = outcome.value != "no"};
  if (outcome.numeric) {
    persist.seconds = outcome.number;
  }
  return persist;
}

// ProxyJump and ProxyCommand exclude each other: the one that is set decides.
Setting<bool> to_proxied(const Settings& settings) {
  const auto is_set = [](const Outcome& outcome) { return outcome.printed; };
  Setting<bool> jump = settings.get<bool>(Keyword::kProxyJump, is_set);
  Setting<bool> command = settings.get<bool>(Keyword::kProxyCommand, is_set);
  const bool is_jump = jump.value.value_or(false);
  const bool is_command = command.value.value_or(false);
  if (is_jump || (!is_command && jump.source)) {
    return jump;
  }
  return is_command || command.source || !command.value ? command : jump;
}

}  // namespace

void fill_settings(const Evaluation& evaluation,
                   std::optional<processes::Time> started_at,
                   LiveClient& client) {
  const Settings settings(evaluation, started_at);
  const auto number = [](const Outcome& outcome) { return outcome.number; };
  client.server_alive_interval_seconds =
      settings.get<std::int64_t>(Keyword::kServerAliveInterval, number);
  const Outcome* const interval =
      evaluation.find(Keyword::kServerAliveInterval);
  client.interval_is_implied =
      client.server_alive_interval_seconds.value.value_or(0) != 0 &&
      interval->is_default;
  client.server_alive_count_max =
      settings.get<std::int64_t>(Keyword::kServerAliveCountMax, number);
  client.tcp_keepalive = settings.get<bool>(Keyword::kTcpKeepAlive, is_yes);
  client.proxied = to_proxied(settings);
  client.control_master = settings.get<bool>(Keyword::kControlMaster, is_yes);
  client.control_persist =
      settings.get<ControlPersist>(Keyword::kControlPersist, to_persist);
  const openssh::Release release = client.version.release;
  client.channel_timeouts = settings.get<std::vector<openssh::ChannelTimeout>>(
      Keyword::kChannelTimeout, [release](const Outcome& outcome) {
        return openssh::parse_channel_timeouts(outcome.items, release);
      });
  client.session = settings.session();
  const bool is_all_known =
      client.server_alive_interval_seconds.value &&
      client.server_alive_count_max.value && client.tcp_keepalive.value &&
      client.proxied.value && client.channel_timeouts.value &&
      client.control_persist.value;
  client.outdated = settings.have_changed() && !is_all_known;
}

}  // namespace ssh_keepalive::ssh_config
