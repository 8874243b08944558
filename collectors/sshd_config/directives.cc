#include "collectors/sshd_config/directives.h"

#include <array>
#include <utility>

#include "collectors/openssh_syntax/values.h"
#include "collectors/openssh_syntax/words.h"
#include "collectors/sshd_config/shape.h"

namespace ssh_keepalive::sshd_config {
namespace {

using Refused = std::optional<std::string>;

constexpr std::size_t kMaxPorts = 256;

// One directive while it is read.
struct Directive {
  const Line& line;
  const Source& source;
  openssh::Release release;
  const openssh::Services& services;
  bool active;
  Settings& settings;

  [[nodiscard]] const std::vector<std::string>& arguments() const {
    return *line.arguments;
  }
  [[nodiscard]] bool has_argument() const {
    return !arguments().empty() && !arguments().front().empty();
  }
};

// The first value wins.
template <typename T>
void set_first(const Directive& directive, std::optional<Value<T>>& place,
               T value) {
  if (!directive.active) {
    return;
  }
  if (place) {
    // A file that is included twice does not shadow itself.
    if (*place->source != directive.source) {
      directive.settings.shadowed.push_back(
          {.keyword = directive.line.keyword->name,
           .line = directive.source,
           .by = *place->source});
    }
    return;
  }
  place = Value<T>{std::move(value), directive.source};
}

Refused refuse_extra(const Directive& directive, std::size_t used) {
  if (directive.arguments().size() > used) {
    return "there are too many arguments";
  }
  return std::nullopt;
}

Refused apply_time(const Directive& directive,
                   std::optional<Value<int>>& place) {
  if (!directive.has_argument()) {
    return "the time is missing";
  }
  const auto seconds =
      openssh::parse_time(directive.arguments().front(), directive.release);
  if (!seconds) {
    return "the time is not valid";
  }
  set_first(directive, place, *seconds);
  return refuse_extra(directive, 1);
}

Refused apply_unused_connection_timeout(const Directive& directive) {
  auto& place = directive.settings.unused_connection_timeout_seconds;
  if (directive.arguments().empty() ||
      openssh::to_lower(directive.arguments().front()) != "none") {
    return apply_time(directive, place);
  }
  if (directive.active) {
    // Unlike all others, `none` overwrites what was set before.
    if (place) {
      directive.settings.shadowed.push_back(
          {.keyword = directive.line.keyword->name,
           .line = *place->source,
           .by = directive.source});
    }
    place = Value<int>{0, directive.source};
  }
  return refuse_extra(directive, 1);
}

Refused apply_count(const Directive& directive,
                    std::optional<Value<int>>& place) {
  const auto count = directive.arguments().empty()
                         ? std::nullopt
                         : openssh::parse_count(directive.arguments().front());
  if (!count) {
    return "the number is missing or not valid";
  }
  set_first(directive, place, *count);
  return refuse_extra(directive, 1);
}

Refused apply_tcp_keepalive(const Directive& directive) {
  if (!directive.has_argument()) {
    return "yes or no is missing";
  }
  const std::string word = openssh::to_lower(directive.arguments().front());
  if (word != "yes" && word != "no") {
    return "the value is neither yes nor no";
  }
  set_first(directive, directive.settings.tcp_keepalive, word == "yes");
  return refuse_extra(directive, 1);
}

Refused apply_address_family(const Directive& directive) {
  struct Row {
    std::string_view name;
    AddressFamily family;
  };
  static constexpr std::array kRows = {Row{"inet", AddressFamily::kInet},
                                       Row{"inet6", AddressFamily::kInet6},
                                       Row{"any", AddressFamily::kAny}};
  if (!directive.has_argument()) {
    return "the address family is missing";
  }
  const std::string word = openssh::to_lower(directive.arguments().front());
  for (const Row& row : kRows) {
    if (row.name == word) {
      set_first(directive, directive.settings.address_family, row.family);
      return refuse_extra(directive, 1);
    }
  }
  return "the address family is not valid";
}

Refused apply_pid_file(const Directive& directive) {
  auto refused = refuse_shape(directive.line, directive.release,
                              directive.active, directive.settings.subsystems);
  if (!refused && directive.has_argument()) {
    set_first(directive, directive.settings.pid_file,
              directive.arguments().front());
  }
  return refused;
}

Refused apply_port(const Directive& directive) {
  if (directive.settings.ports_are_final) {
    return std::nullopt;
  }
  if (directive.settings.ports.size() >= kMaxPorts) {
    return "there are too many ports";
  }
  const auto port = directive.has_argument()
                        ? openssh::parse_port(directive.arguments().front(),
                                              directive.services)
                        : std::nullopt;
  if (!port || *port == 0) {
    return "the port is missing or not valid";
  }
  // sshd adds a port wherever it stands; the keyword is global only.
  directive.settings.ports.push_back({*port, directive.source});
  return refuse_extra(directive, 1);
}

struct HostPort {
  std::string host;
  std::optional<std::string> port;
};

// "host", "host:port", "[v6]:port", a bare IPv6 address (hpdelim() and
// cleanhostname() of misc.c, which also know "host/port": sshd refuses it).
std::optional<HostPort> split_host_port(const std::string& text) {
  const std::size_t first_colon = text.find(':');
  const bool bare_v6 = text.find('[') == text.npos &&
                       first_colon != text.npos &&
                       text.find(':', first_colon + 1) != text.npos;
  if (bare_v6) {
    return HostPort{text, std::nullopt};
  }
  std::size_t end = 0;
  if (text.front() == '[') {
    end = text.find(']');
    if (end == text.npos) {
      return std::nullopt;
    }
    ++end;
  } else {
    end = std::min(text.find_first_of(":/"), text.size());
  }
  std::string host = text.substr(0, end);
  if (host.size() >= 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  if (end == text.size()) {
    return HostPort{host, std::nullopt};
  }
  if (text[end] != ':') {
    return std::nullopt;
  }
  return HostPort{host, text.substr(end + 1)};
}

Refused apply_listen_address(const Directive& directive) {
  constexpr std::size_t kWithRoutingDomain = 3;
  if (!directive.has_argument()) {
    return "the address is missing";
  }
  const auto& arguments = directive.arguments();
  const auto split = split_host_port(arguments.front());
  if (!split) {
    return "the address is not valid";
  }
  ListenAddress address{.host = split->host, .source = directive.source};
  if (split->port) {
    const auto port = openssh::parse_port(*split->port, directive.services);
    if (!port || *port == 0) {
      return "the port is not valid";
    }
    address.port = *port;
  }
  if (arguments.size() > 1 ||
      directive.line.behind >= openssh::Behind::kEmptyWord) {
    if (arguments.size() == 1 || arguments.at(1) != "rdomain" ||
        arguments.size() < kWithRoutingDomain) {
      return "only rdomain may stand behind the address";
    }
    // Portable sshd takes one on a kernel with VRF only.
    address.routing_domain = arguments.at(2);
  }
  directive.settings.listen_addresses.push_back(std::move(address));
  return refuse_extra(directive, kWithRoutingDomain);
}

bool is_channel_timeout(const std::string& word, openssh::Release release) {
  const std::size_t equals = word.find('=');
  return equals != 0 && equals != word.npos &&
         openssh::parse_time(word.substr(equals + 1), release);
}

Refused apply_channel_timeout(const Directive& directive) {
  constexpr openssh::Release kCountsWords{9, 7};
  const std::vector<std::string>& words = directive.arguments();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (openssh::to_lower(words.at(i)) == "none") {
      // Until 9.6 sshd takes a `none` that is the last of several words, and
      // gives up on it when a connection comes.
      const bool stands_first = i == 0 || directive.release < kCountsWords;
      if (!stands_first || i + 1 < words.size()) {
        return "none stands beside other values";
      }
    } else if (!is_channel_timeout(words.at(i), directive.release)) {
      return "a channel timeout is not TYPE=TIME";
    }
  }
  if (!words.empty()) {
    set_first(directive, directive.settings.channel_timeouts, words);
  } else if (directive.release >= kCountsWords) {
    return "the channel timeouts are missing";
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> apply_directive(const Line& line,
                                           const Source& source,
                                           const Document& document,
                                           bool active, Settings& settings) {
  const openssh::Release release = document.version.release;
  const Directive directive{line,   source,  release, document.services,
                            active, settings};
  switch (line.keyword->keyword) {
    case Keyword::kPort:
      return apply_port(directive);
    case Keyword::kListenAddress:
      return apply_listen_address(directive);
    case Keyword::kAddressFamily:
      return apply_address_family(directive);
    case Keyword::kTcpKeepAlive:
      return apply_tcp_keepalive(directive);
    case Keyword::kClientAliveInterval:
      return apply_time(directive, settings.client_alive_interval_seconds);
    case Keyword::kClientAliveCountMax:
      return apply_count(directive, settings.client_alive_count_max);
    case Keyword::kLoginGraceTime:
      return apply_time(directive, settings.login_grace_seconds);
    case Keyword::kChannelTimeout:
      return apply_channel_timeout(directive);
    case Keyword::kUnusedConnectionTimeout:
      return apply_unused_connection_timeout(directive);
    case Keyword::kPidFile:
      return apply_pid_file(directive);
    case Keyword::kOther:
      return refuse_shape(line, release, active, settings.subsystems);
    case Keyword::kInclude:
    case Keyword::kMatch:
      break;
  }
  return std::nullopt;
}

}  // namespace ssh_keepalive::sshd_config
