#include "exporter/http/encoding.h"

#include <zlib.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "collectors/base/number.h"

namespace ssh_keepalive::http {
namespace {

struct Coding {
  std::string_view name;
  double quality = 1;
};

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

std::optional<double> parse_quality(std::string_view text) {
  double quality = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] =
      std::from_chars(text.data(), end, quality, std::chars_format::fixed);
  if (error != std::errc{} || stop != end || !(quality >= 0 && quality <= 1)) {
    return std::nullopt;
  }
  return quality;
}

// "gzip", "gzip;q=0.5": one element of the list.
std::optional<Coding> parse_coding(std::string_view element) {
  const std::size_t semicolon = std::min(element.find(';'), element.size());
  Coding coding{.name = trim(element.substr(0, semicolon))};
  if (semicolon < element.size()) {
    const std::string_view parameter = trim(element.substr(semicolon + 1));
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) {
      return std::nullopt;
    }
    const auto quality = parse_quality(parameter.substr(2));
    if (!quality) {
      return std::nullopt;
    }
    coding.quality = *quality;
  }
  return coding;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  std::optional<double> gzip_quality;
  std::optional<double> any_quality;
  std::optional<double> identity_quality;
  while (!accept_encoding.empty()) {
    const std::size_t comma =
        std::min(accept_encoding.find(','), accept_encoding.size());
    const auto coding = parse_coding(accept_encoding.substr(0, comma));
    accept_encoding.remove_prefix(std::min(comma + 1, accept_encoding.size()));
    if (!coding) {
      continue;
    }
    if (equal_ignoring_case(coding->name, "gzip") ||
        equal_ignoring_case(coding->name, "x-gzip")) {
      gzip_quality = coding->quality;
    } else if (coding->name == "*") {
      any_quality = coding->quality;
    } else if (equal_ignoring_case(coding->name, "identity")) {
      identity_quality = coding->quality;
    }
  }
  const double wanted = gzip_quality.value_or(any_quality.value_or(0));
  return wanted > 0 && wanted >= identity_quality.value_or(0);
}

std::optional<std::string> gzip(std::string_view bytes) {
  constexpr int kGzipWindowBits = 15 + 16;  // zlib.h: 16 asks for gzip's header
  constexpr int kMemoryLevel = 8;
  z_stream stream{};
  // Level 1: metrics repeat themselves, so it gains most of what 9 does.
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzipWindowBits,
                   kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
    return std::nullopt;
  }
  std::string compressed(deflateBound(&stream, bytes.size()), '\0');
  // zlib does not write through next_in; its type predates const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
  stream.avail_out = static_cast<uInt>(compressed.size());
  const int status = deflate(&stream, Z_FINISH);
  compressed.resize(stream.total_out);
  deflateEnd(&stream);
  if (status != Z_STREAM_END) {
    return std::nullopt;
  }
  return compressed;
}

}  // namespace ssh_keepalive::http
