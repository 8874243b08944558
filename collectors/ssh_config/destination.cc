#include "collectors/ssh_config/destination.h"

#include <algorithm>
#include <charconv>

#include "collectors/openssh_syntax/values.h"

namespace ssh_keepalive::ssh_config {
namespace {

constexpr std::string_view kSpaces = " \t\n\v\f\r";

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20) || c == 0x7f;
  });
}

bool plausible_uri_host(std::string_view host) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
  };
  return !host.empty() && host[0] != '.' && host[0] != '-' &&
         host.find("..") == std::string_view::npos &&
         std::all_of(host.begin(), host.end(), allowed);
}

struct HostPort {
  std::string host;
  std::optional<std::string> rest;  // behind ':' or '/'
  char separator = '\0';
};

// hpdelim2() and cleanhostname() in misc.c.
std::optional<HostPort> split_host(std::string_view text) {
  std::size_t end = 0;
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == std::string_view::npos) {
      return std::nullopt;
    }
    ++end;
  } else {
    end = std::min(text.find_first_of(":/"), text.size());
  }
  HostPort split{.host = std::string(text.substr(0, end))};
  if (end < text.size()) {
    if (text[end] != ':' && text[end] != '/') {
      return std::nullopt;
    }
    split.separator = text[end];
    split.rest = std::string(text.substr(end + 1));
  }
  if (split.host.empty()) {
    return std::nullopt;
  }
  if (split.host.front() == '[' && split.host.back() == ']') {
    split.host = split.host.substr(1, split.host.size() - 2);
  }
  return split;
}

std::optional<std::string> url_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      decoded += ' ';
    } else if (text[i] == '%') {
      unsigned code = 0;
      const char* const end = text.data() + std::min(i + 3, text.size());
      const auto parsed = std::from_chars(text.data() + i + 1, end, code, 16);
      if (parsed.ec != std::errc{} || parsed.ptr != text.data() + i + 3 ||
          code == 0) {
        return std::nullopt;
      }
      decoded += static_cast<char>(code);
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

}  // namespace

std::optional<std::uint16_t> parse_remote_port(
    std::string_view text, const openssh::Services& services) {
  const std::optional<int> port = openssh::parse_port(text, services);
  return port && *port > 0 ? std::optional(static_cast<std::uint16_t>(*port))
                           : std::nullopt;
}

// ssh://[user[;parameters]@]host[:port][/], parse_uri() in misc.c.
std::optional<Destination> parse_ssh_uri(std::string_view text,
                                         const openssh::Services& services) {
  Destination result;
  const std::size_t at = text.find('@');
  if (at != std::string_view::npos) {
    const std::string_view user = text.substr(0, std::min(at, text.find(';')));
    result.user = url_decode(user);
    if (user.empty() || !result.user) {
      return std::nullopt;
    }
    text.remove_prefix(at + 1);
  }
  const std::optional<HostPort> host = split_host(text);
  if (!host || !plausible_uri_host(host->host)) {
    return std::nullopt;
  }
  result.host = host->host;
  if (result.host.ends_with('.')) {
    result.host.pop_back();
  }
  if (!host->rest || host->rest->empty()) {
    return result;
  }
  std::string_view path = *host->rest;
  if (host->separator == ':') {
    const std::size_t slash = std::min(path.find('/'), path.size());
    result.port = parse_remote_port(path.substr(0, slash), services);
    if (!result.port) {
      return std::nullopt;
    }
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  return path.empty() ? std::optional(result) : std::nullopt;
}

std::optional<Destination> parse_user_host_port(
    std::string_view text, const openssh::Services& services) {
  Destination result;
  const std::size_t at = text.rfind('@');
  if (at != std::string_view::npos) {
    if (at == 0) {
      return std::nullopt;
    }
    result.user = std::string(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  const std::optional<HostPort> host = split_host(text);
  if (!host || host->separator == '/') {
    return std::nullopt;
  }
  result.host = host->host;
  if (host->rest && !host->rest->empty()) {
    result.port = parse_remote_port(*host->rest, services);
    if (!result.port) {
      return std::nullopt;
    }
  }
  return result;
}

bool valid_host(std::string_view host) {
  return !host.starts_with('-') && !has_control_character(host) &&
         host.find_first_of("'`\"$\\;&<>|(){}, ") == std::string_view::npos;
}

bool valid_remote_user(std::string_view user) {
  if (user.starts_with('-') || user.ends_with('\\') ||
      has_control_character(user) ||
      user.find_first_of("'`\";&<>|(){}") != std::string_view::npos) {
    return false;
  }
  for (std::size_t i = 0; i + 1 < user.size(); ++i) {
    if (kSpaces.find(user[i]) != std::string_view::npos && user[i + 1] == '-') {
      return false;
    }
  }
  return true;
}

std::optional<Destination> split_destination(
    std::string_view text, const openssh::Services& services) {
  constexpr std::string_view kScheme = "ssh://";
  if (text.starts_with(kScheme)) {
    return parse_ssh_uri(text.substr(kScheme.size()), services);
  }
  const std::size_t at = text.rfind('@');
  if (at == 0) {
    return std::nullopt;
  }
  return at == std::string_view::npos
             ? Destination{.host = std::string(text)}
             : Destination{.user = std::string(text.substr(0, at)),
                           .host = std::string(text.substr(at + 1))};
}

std::optional<Destination> parse_destination(
    std::string_view text, const openssh::Services& services) {
  std::optional<Destination> result = split_destination(text, services);
  if (!result || !valid_host(result->host) ||
      (result->user && !valid_remote_user(*result->user))) {
    return std::nullopt;
  }
  return result;
}

}  // namespace ssh_keepalive::ssh_config
