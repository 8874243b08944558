#include "exporter/cli/why.h"

#include <arpa/inet.h>

#include <array>
#include <optional>
#include <utility>

#include "exporter/ends/end_json.h"
#include "exporter/report/json_values.h"

namespace ssh_keepalive {
namespace {

using diagnosis::SessionEnd;

// An address in the one form in which addresses are kept; nothing where it is
// none.
std::optional<std::string> normal_address(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
  }
  const std::string address(text);
  for (const int family : {AF_INET, AF_INET6}) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    std::array<char, INET6_ADDRSTRLEN> name{};
    if (::inet_pton(family, address.c_str(), bytes.data()) == 1 &&
        ::inet_ntop(family, bytes.data(), name.data(), name.size()) !=
            nullptr) {
      return name.data();
    }
  }
  return std::nullopt;
}

struct Peer {
  std::optional<std::string> address;
  std::string_view port;  // empty: none
};

// "192.0.2.1", "192.0.2.1:22", "[::1]:22", "[::1]", "::1".
Peer peer_of(std::string_view text) {
  if (auto address = normal_address(text)) {
    return {.address = std::move(address), .port = {}};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return {};
  }
  return {.address = normal_address(text.substr(0, colon)),
          .port = text.substr(colon + 1)};
}

Error no_file(std::string subject, std::string reason) {
  return {.kind = ErrorKind::kAbsent,
          .attempted = "open",
          .subject = std::move(subject),
          .reason = std::move(reason)};
}

std::string ends_json(const std::vector<SessionEnd>& ends) {
  constexpr bool kOnOneLine = false;
  return text_of({{"version", 1}, {"ends", list_of(ends, end_json)}},
                 kOnOneLine);
}

}  // namespace

bool is_end_of(const SessionEnd& end, std::string_view text) {
  if (end.user == text) {
    return true;
  }
  const Peer wanted = peer_of(text);
  const Peer peer = peer_of(end.peer);
  return wanted.address && wanted.address == peer.address &&
         (wanted.port.empty() || wanted.port == peer.port);
}

Result<std::string> why(const WhyOptions& options, const HostRoot& root) {
  if (options.state_file.empty()) {
    return no_file("the ends of sessions",
                   "[ends] state_file is none: they are not kept on disk");
  }
  const Result<StoredEnds> stored = read_stored_ends(root, options.state_file);
  if (!stored.ok() && stored.error().kind == ErrorKind::kAbsent) {
    return no_file(
        stored.error().subject,
        "no such file; `serve` writes it, as [ends] state_file says");
  }
  if (!stored.ok()) {
    return stored.error();
  }
  std::vector<SessionEnd> shown;
  for (auto end = stored->ends.rbegin(); end != stored->ends.rend(); ++end) {
    if (options.of.empty() || is_end_of(*end, options.of)) {
      shown.push_back(*end);
    }
  }
  return options.format == OutputFormat::kJson
             ? ends_json(shown)
             : ends_text(options, *stored, shown);
}

}  // namespace ssh_keepalive
