#include "collectors/sshd_config/evaluate.h"

#include <algorithm>
#include <utility>

#include "collectors/sshd_config/directives.h"

namespace ssh_keepalive::sshd_config {
namespace {

// One pass over all files, as sshd makes two: the first without a connection
// sets what stands before Match blocks, the second sets what blocks say that
// match the connection.
class Pass {
 public:
  Pass(const openssh::Version& version, const Connection* connection)
      : version_(version),
        connection_(connection),
        active_(connection == nullptr) {}

  // `match_only`: no Match line has been met yet, and only blocks are wanted.
  // `never_match`: the file is included where no block matches, so that it is
  // only checked.
  void run(const File& file, bool match_only, bool never_match) {
    for (const Line& line : file.lines) {
      if (refusal_) {
        return;
      }
      source_ = {file.path, line.number};
      if (line.keyword && line.keyword->keyword == Keyword::kMatch &&
          line.arguments) {
        match(line, never_match);
        match_only = false;
      } else if (line.keyword && line.keyword->keyword == Keyword::kInclude &&
                 line.arguments && !line.refusal) {
        include(line, match_only);
      } else {
        apply(line);
      }
    }
  }

  [[nodiscard]] const std::optional<Refusal>& refusal() const {
    return refusal_;
  }
  Settings& settings() { return settings_; }

 private:
  void refuse(std::string reason) {
    refusal_ = Refusal{.source = source_, .reason = std::move(reason)};
  }

  void match(const Line& line, bool never_match) {
    const auto verdict =
        match_line(line, version_, never_match ? nullptr : connection_);
    if (const auto* const reason = std::get_if<std::string>(&verdict)) {
      refuse(*reason);
      return;
    }
    active_ = !never_match && std::get<bool>(verdict);
  }

  void include(const Line& line, bool match_only) {
    // A Match block in an included file ends with that file.
    const bool active = active_;
    for (const auto& file : line.included) {
      run(*file, match_only, !match_only && !active);
      active_ = active;
      if (refusal_) {
        return;
      }
    }
  }

  void apply(const Line& line) {
    if (!line.keyword) {
      refuse("the keyword is unknown");
    } else if (line.refusal) {
      refuse(*line.refusal);
    } else if (!line.arguments) {
      refuse("a quote is not closed");
    } else if (!active_ && !line.keyword->allowed_in_match) {
      if (connection_ == nullptr) {
        refuse("the keyword " + std::string(line.keyword->name) +
               " is not allowed in a Match block");
      }
    } else if (auto reason = apply_directive(line, source_, version_.release,
                                             active_, settings_)) {
      refuse(std::string(line.keyword->name) + ": " + *reason);
    }
  }

  const openssh::Version& version_;
  const Connection* connection_;
  bool active_;
  Source source_;
  Settings settings_;
  std::optional<Refusal> refusal_;
};

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
  if (into.source && *into.source != *from->source) {
    shadowed.push_back(
        {.keyword = name, .line = *into.source, .by = *from->source});
  }
  into = *from;
}

// In the order of `sshd -T`, which turns around what getaddrinfo(3) says of an
// unnamed address.
std::vector<ListenAddress> listen_addresses(const Settings& settings,
                                            const Effective& effective) {
  const AddressFamily family = settings.address_family
                                   ? settings.address_family->value
                                   : AddressFamily::kAny;
  std::vector<ListenAddress> all;
  const auto add = [&all](ListenAddress address, int port) {
    address.port = port;
    all.push_back(std::move(address));
  };
  if (settings.listen_addresses.empty()) {
    for (const Value<int>& port : effective.ports) {
      if (family != AddressFamily::kInet) {
        add({.host = "::", .source = port.source}, port.value);
      }
      if (family != AddressFamily::kInet6) {
        add({.host = "0.0.0.0", .source = port.source}, port.value);
      }
    }
    return all;
  }
  for (const ListenAddress& address : settings.listen_addresses) {
    if (address.port != 0) {
      add(address, address.port);
      continue;
    }
    for (const Value<int>& port : effective.ports) {
      add(address, port.value);
    }
  }
  return all;
}

Effective to_effective(Settings& settings) {
  constexpr int kDefaultPort = 22;
  Effective effective;
  effective.ports = settings.ports;
  if (effective.ports.empty()) {
    effective.ports.push_back({kDefaultPort, std::nullopt});
  }
  effective.listen_addresses = listen_addresses(settings, effective);
  take(settings.tcp_keepalive, effective.tcp_keepalive);
  take(settings.client_alive_interval_seconds,
       effective.client_alive_interval_seconds);
  take(settings.client_alive_count_max, effective.client_alive_count_max);
  take(settings.login_grace_seconds, effective.login_grace_seconds);
  take(settings.channel_timeouts, effective.channel_timeouts);
  take(settings.unused_connection_timeout_seconds,
       effective.unused_connection_timeout_seconds);
  effective.shadowed = std::move(settings.shadowed);
  return effective;
}

// The keywords of this program that are allowed in Match.
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

}  // namespace

Evaluation evaluate(const Document& document, const Connection* connection) {
  Pass globals(document.version, nullptr);
  globals.run(*document.main, false, false);
  if (globals.refusal()) {
    return {.refusal = globals.refusal()};
  }
  Evaluation evaluation{.effective = to_effective(globals.settings())};
  if (connection != nullptr) {
    Pass blocks(document.version, connection);
    blocks.run(*document.main, true, false);
    if (blocks.refusal()) {
      return {.refusal = blocks.refusal()};
    }
    override_effective(blocks.settings(), evaluation.effective);
  }
  return evaluation;
}

}  // namespace ssh_keepalive::sshd_config
