// ProxyJump and ProxyCommand take the rest of their line as it stands:
// parse_jump() in OpenSSH's readconf.c.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "collectors/openssh_syntax/words.h"
#include "collectors/ssh_config/destination.h"
#include "collectors/ssh_config/statement.h"

namespace ssh_keepalive::ssh_config {
namespace {

std::optional<Destination> parse_hop(std::string_view text,
                                     const openssh::Services& services) {
  constexpr std::string_view kScheme = "ssh://";
  return text.starts_with(kScheme)
             ? parse_ssh_uri(text.substr(kScheme.size()), services)
             : parse_user_host_port(text, services);
}

bool is_plain(const Destination& hop) {
  return valid_host(hop.host) && (!hop.user || valid_remote_user(*hop.user));
}

std::string print_jump(std::string_view earlier_hops, const Destination& jump) {
  std::string text;
  if (!earlier_hops.empty()) {
    text.append(earlier_hops).append(",");
  }
  if (jump.user) {
    text.append(*jump.user).append("@");
  }
  const bool numeric =
      jump.host.find(':') != std::string::npos ||
      jump.host.find_first_not_of("1234567890.") == std::string::npos;
  text += numeric ? "[" + jump.host + "]" : jump.host;
  if (jump.port) {
    text += ":" + std::to_string(*jump.port);
  }
  return text;
}

std::string_view without_leading(std::string_view text,
                                 std::string_view characters) {
  text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
  return text;
}

// The list without its comment. Before 10.1 ssh cuts it at the first white
// space behind its first character, though it only means to trim its end.
std::string_view hops_of(std::string_view text,
                         const openssh::Version& version) {
  constexpr std::string_view kSpaces = " \t\n\v\f\r";
  const openssh::Release release = version.release;
  if (release < openssh::Release{8, 7}) {
    return text;
  }
  text = text.substr(0, text.find('#'));
  if (release < openssh::Release{10, 1}) {
    return text.substr(0, text.find_first_of(kSpaces, 1));
  }
  return text.substr(0, text.find_last_not_of(kSpaces) + 1);
}

}  // namespace

bool is_no_proxy(const Value& value) {
  return !value.jump && openssh::to_lower(value.text) == "none";
}

void decode_proxy_jump(Statement& statement, std::string_view rest,
                       const openssh::Version& version,
                       const openssh::Services& services) {
  decode_hops(statement, without_leading(rest, " \t\r\n="), version, services);
}

void decode_hops(Statement& statement, std::string_view given,
                 const openssh::Version& version,
                 const openssh::Services& services) {
  if (openssh::to_lower(given) == "none") {
    statement.value = Value{.text = "none", .number = 1};
    return;
  }
  const std::string_view hops = hops_of(given, version);
  std::optional<Destination> last;
  bool plain = true;
  std::string_view remaining = hops;
  while (true) {
    const std::size_t comma = remaining.rfind(',');
    const bool first = comma == std::string_view::npos;
    const std::optional<Destination> hop =
        parse_hop(first ? remaining : remaining.substr(comma + 1), services);
    if (!hop) {
      statement.refusal = "invalid list of jump hosts";
      return;
    }
    plain = plain && is_plain(*hop);
    if (!last) {
      last = hop;
    }
    if (first) {
      break;
    }
    remaining = remaining.substr(0, comma);
  }
  // Up to 10.2 ssh forgets to cut the comment from what it prints.
  const std::string_view printed =
      openssh::has_proxy_jump_of_10_3(version) ? hops : given;
  const std::size_t comma = printed.rfind(',');
  statement.value =
      Value{.text = print_jump(
                comma == std::string_view::npos ? "" : printed.substr(0, comma),
                *last),
            .jump = last,
            .plain_hops = plain};
}

void decode_proxy_command(Statement& statement, std::string_view rest) {
  statement.value =
      Value{.text = std::string(without_leading(rest, " \t\r\n="))};
}

void decode_remote_command(Statement& statement, std::string_view rest) {
  const std::string_view command = without_leading(rest, " \t\r\n=");
  const bool none = command.empty() || openssh::to_lower(command) == "none";
  statement.value = Value{.number = none ? 0 : 1};
}

}  // namespace ssh_keepalive::ssh_config
