#include "exporter/http/query.h"

#include <civetweb.h>

#include <algorithm>

namespace ssh_keepalive::http {
namespace {

std::string decode(std::string_view text) {
  std::string decoded(text.size() + 1, '\0');  // decoding never lengthens
  const int length =
      mg_url_decode(text.data(), static_cast<int>(text.size()), decoded.data(),
                    static_cast<int>(decoded.size()), 1);
  decoded.resize(length < 0 ? 0 : static_cast<std::size_t>(length));
  return decoded;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parse_query(
    std::string_view query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!query.empty()) {
    const std::size_t length = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, length);
    query.remove_prefix(std::min(length + 1, query.size()));
    const std::size_t equals = std::min(part.find('='), part.size());
    if (!part.empty()) {
      pairs.emplace_back(
          decode(part.substr(0, equals)),
          decode(part.substr(std::min(equals + 1, part.size()))));
    }
  }
  return pairs;
}

}  // namespace ssh_keepalive::http
