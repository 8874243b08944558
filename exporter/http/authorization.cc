#include "exporter/http/authorization.h"

#include <sodium.h>
#include <strings.h>

#include <algorithm>
#include <optional>
#include <string>

namespace ssh_keepalive::http {
namespace {

// Of what is sent: the longest token and a user's name fit many times.
constexpr std::size_t kMaxCredentials = 8192;

// What follows the scheme, whose case does not matter (RFC 9110, 11.1).
std::optional<std::string_view> credentials_of(std::string_view authorization,
                                               std::string_view scheme) {
  if (authorization.size() <= scheme.size() ||
      authorization.size() > kMaxCredentials ||
      ::strncasecmp(authorization.data(), scheme.data(), scheme.size()) != 0 ||
      authorization[scheme.size()] != ' ') {
    return std::nullopt;
  }
  authorization.remove_prefix(scheme.size());
  authorization.remove_prefix(
      std::min(authorization.find_first_not_of(' '), authorization.size()));
  return authorization;
}

// Of `USER:PASSWORD` in base64.
std::optional<std::string> password_in(std::string_view encoded) {
  std::string decoded(encoded.size(), '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (::sodium_base642bin(reinterpret_cast<unsigned char*>(decoded.data()),
                          decoded.size(), encoded.data(), encoded.size(),
                          nullptr, &size, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
      end != encoded.data() + encoded.size()) {
    return std::nullopt;
  }
  decoded.resize(size);
  const std::size_t colon = decoded.find(':');
  return colon == std::string::npos ? std::nullopt
                                    : std::optional(decoded.substr(colon + 1));
}

bool is_token(std::string_view shown, std::string_view token) {
  return shown.size() == token.size() &&
         ::sodium_memcmp(shown.data(), token.data(), token.size()) == 0;
}

}  // namespace

Access access_of(std::string_view authorization, std::string_view token) {
  if (authorization.empty() || token.empty()) {
    return Access::kPublic;
  }
  bool is_right = false;
  if (const auto bearer = credentials_of(authorization, "Bearer")) {
    is_right = is_token(*bearer, token);
  } else if (const auto basic = credentials_of(authorization, "Basic")) {
    const std::optional<std::string> password = password_in(*basic);
    is_right = password && is_token(*password, token);
  }
  return is_right ? Access::kPrivate : Access::kRefused;
}

}  // namespace ssh_keepalive::http
