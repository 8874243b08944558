// The values of keywords: the cases of process_config_line_depth() in
// OpenSSH's readconf.c.
#include "collectors/openssh_syntax/values.h"

#include <algorithm>
#include <array>
#include <utility>

#include "collectors/openssh_syntax/pattern.h"
#include "collectors/openssh_syntax/words.h"
#include "collectors/ssh_config/statement.h"

namespace ssh_keepalive::ssh_config {
namespace {

constexpr openssh::Release kNoneIsNoDomain{8, 7};

struct Choice {
  std::string_view spelling;
  std::string_view printed;  // by ssh -G
  std::int64_t number;
};

constexpr std::array kFlag = {Choice{"true", "yes", 1},
                              Choice{"false", "no", 0}, Choice{"yes", "yes", 1},
                              Choice{"no", "no", 0}};
constexpr std::array kControlMaster = {
    Choice{"true", "true", 1},      Choice{"yes", "true", 1},
    Choice{"false", "false", 0},    Choice{"no", "false", 0},
    Choice{"auto", "auto", 2},      Choice{"ask", "ask", 3},
    Choice{"autoask", "autoask", 4}};
constexpr std::array kCanonicalizeHostname = {
    Choice{"true", "true", 1}, Choice{"false", "false", 0},
    Choice{"yes", "true", 1}, Choice{"no", "false", 0},
    Choice{"always", "always", 2}};
constexpr std::array kSessionType = {Choice{"none", "none", 0},
                                     Choice{"subsystem", "subsystem", 1},
                                     Choice{"default", "default", 2}};

template <std::size_t N>
void choose(Statement& statement, const std::array<Choice, N>& choices) {
  const std::string argument = openssh::to_lower(statement.arguments[0]);
  for (const Choice& choice : choices) {
    if (argument == choice.spelling) {
      statement.value =
          Value{.text = std::string(choice.printed), .number = choice.number};
      return;
    }
  }
  statement.refusal = "unsupported value";
}

Value number_value(std::int64_t number) {
  return {.text = std::to_string(number), .number = number};
}

// `none` leaves the value unset: a later line may still set it.
void decode_time(Statement& statement, const openssh::Version& version) {
  if (statement.arguments[0] == "none") {
    return;
  }
  const std::optional<int> seconds =
      openssh::parse_time(statement.arguments[0], version.release);
  if (seconds) {
    statement.value = number_value(*seconds);
  } else {
    statement.refusal = "invalid time";
  }
}

void decode_count(Statement& statement) {
  const std::optional<int> count = openssh::parse_count(statement.arguments[0]);
  if (count) {
    statement.value = number_value(*count);
  } else {
    statement.refusal = "not a whole number from 0 to 2147483647";
  }
}

void decode_control_persist(Statement& statement,
                            const openssh::Version& version) {
  const std::string& argument = statement.arguments[0];
  if (argument == "no" || argument == "false") {
    statement.value = Value{.text = "no"};
    return;
  }
  if (argument == "yes" || argument == "true") {
    statement.value = Value{.text = "yes"};
    return;
  }
  const std::optional<int> seconds =
      openssh::parse_time(argument, version.release);
  if (!seconds) {
    statement.refusal = "neither yes, no nor a time";
  } else if (*seconds == 0) {
    statement.value = Value{.text = "yes"};  // never ends, as ssh -G says
  } else {
    statement.value = number_value(*seconds);
  }
}

// "none" is only taken alone.
bool misplaced_none(const std::vector<std::string>& arguments) {
  return arguments.size() > 1 &&
         std::any_of(arguments.begin(), arguments.end(),
                     [](const std::string& argument) {
                       return openssh::to_lower(argument) == "none";
                     });
}

std::string join(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) {
    text += (text.empty() ? "" : " ") + item;
  }
  return text;
}

void decode_channel_timeout(Statement& statement,
                            const openssh::Version& version) {
  const std::vector<std::string>& arguments = statement.arguments;
  if (arguments.empty()) {
    return;
  }
  if (misplaced_none(arguments)) {
    statement.refusal = "\"none\" must stand alone";
    return;
  }
  if (openssh::to_lower(arguments[0]) == "none") {
    statement.value = Value{.text = "none"};
    return;
  }
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    if (equals == 0 || equals == std::string::npos ||
        !openssh::parse_time(argument.substr(equals + 1), version.release)) {
      statement.refusal = "not TYPE=TIME";
      return;
    }
  }
  statement.value = Value{.text = join(arguments), .items = arguments};
}

void decode_domains(Statement& statement, const openssh::Version& version) {
  if (version.release >= kNoneIsNoDomain &&
      misplaced_none(statement.arguments)) {
    statement.refusal = "\"none\" must stand alone";
    return;
  }
  Value value;
  for (const std::string& argument : statement.arguments) {
    std::string domain = openssh::to_lower(argument);
    if (domain.ends_with('.')) {
      domain.pop_back();
    }
    value.items.push_back(std::move(domain));
  }
  value.text = join(value.items);
  if (!value.items.empty()) {
    statement.value = std::move(value);
  }
}

}  // namespace

void decode_value(Statement& statement, std::string_view rest,
                  const openssh::Version& version,
                  const openssh::Services& services) {
  switch (statement.row->keyword) {
    case Keyword::kServerAliveInterval:
    case Keyword::kConnectTimeout:
      return decode_time(statement, version);
    case Keyword::kServerAliveCountMax:
    case Keyword::kCanonicalizeMaxDots:
      return decode_count(statement);
    case Keyword::kTcpKeepAlive:
    case Keyword::kBatchMode:
    case Keyword::kCanonicalizeFallbackLocal:
      return choose(statement, kFlag);
    case Keyword::kControlMaster:
      return choose(statement, kControlMaster);
    case Keyword::kCanonicalizeHostname:
      return choose(statement, kCanonicalizeHostname);
    case Keyword::kSessionType:
      return choose(statement, kSessionType);
    case Keyword::kControlPersist:
      return decode_control_persist(statement, version);
    case Keyword::kChannelTimeout:
      return decode_channel_timeout(statement, version);
    case Keyword::kCanonicalDomains:
      return decode_domains(statement, version);
    case Keyword::kProxyJump:
      return decode_proxy_jump(statement, rest, version, services);
    case Keyword::kProxyCommand:
      return decode_proxy_command(statement, rest);
    case Keyword::kRemoteCommand:
      return decode_remote_command(statement, rest);
    case Keyword::kPort: {
      const std::optional<std::uint16_t> port =
          parse_remote_port(statement.arguments[0], services);
      if (port) {
        statement.value = number_value(*port);
      } else {
        statement.refusal = "not a port";
      }
      return;
    }
    case Keyword::kCanonicalizePermittedCnames:
      statement.value = Value{
          .text = join(statement.arguments),
          .number = statement.arguments.empty() ||
                            openssh::to_lower(statement.arguments[0]) == "none"
                        ? 0
                        : 1};
      return;
    case Keyword::kIgnoreUnknown:
      statement.value = Value{.text = openssh::list_as_read(
                                  statement.arguments[0], version.release)};
      return;
    case Keyword::kHostname:
    case Keyword::kUser:
    case Keyword::kTag:
    case Keyword::kRefuseConnection:
      statement.value = Value{.text = statement.arguments[0]};
      return;
    case Keyword::kHost:
      for (std::string& pattern : statement.arguments) {
        pattern = openssh::pattern_as_read(std::move(pattern), version.release);
      }
      return;
    case Keyword::kMatch:
    case Keyword::kInclude:
    case Keyword::kOther:
      return;
  }
}

}  // namespace ssh_keepalive::ssh_config
