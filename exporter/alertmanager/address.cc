#include "exporter/alertmanager/address.h"

#include <algorithm>
#include <optional>

#include "exporter/alertmanager/libcurl.h"

namespace ssh_keepalive::alertmanager {
namespace {

class Url {
 public:
  explicit Url(const Libcurl& curl) : curl_(curl), url_(curl.url()) {}
  Url(const Url&) = delete;
  Url& operator=(const Url&) = delete;
  Url(Url&&) = delete;
  Url& operator=(Url&&) = delete;
  ~Url() { curl_.url_cleanup(url_); }

  // Null takes the part away.
  bool set(CURLUPart part, const char* text) {
    return curl_.url_set(url_, part, text, 0) == CURLUE_OK;
  }

  // Empty where there is none.
  [[nodiscard]] std::string get(CURLUPart part) const {
    char* text = nullptr;
    if (curl_.url_get(url_, part, &text, 0) != CURLUE_OK) {
      return "";
    }
    std::string copy(text);
    curl_.free(text);
    return copy;
  }

 private:
  const Libcurl& curl_;
  CURLU* url_;  // null: no memory, and all calls fail
};

bool is_printable(std::string_view text) {
  constexpr char kDelete = 0x7F;
  return std::ranges::all_of(text,
                             [](char c) { return c > ' ' && c != kDelete; });
}

std::optional<Address> parsed(Url& url, const std::string& text) {
  if (!is_printable(text) || !url.set(CURLUPART_URL, text.c_str())) {
    return std::nullopt;
  }
  const std::string scheme = url.get(CURLUPART_SCHEME);
  const std::string host = url.get(CURLUPART_HOST);
  // libcurl decodes a host's name, and encodes a % that is left in it anew each
  // time that it is asked for the URL. No host has one.
  const bool is_host =
      !host.empty() && is_printable(host) && host.find('%') == host.npos;
  if ((scheme != "http" && scheme != "https") || !is_host ||
      !url.get(CURLUPART_QUERY).empty() ||
      !url.get(CURLUPART_FRAGMENT).empty()) {
    return std::nullopt;
  }
  std::string path = url.get(CURLUPART_PATH);
  path.resize(path.find_last_not_of('/') + 1);
  path += "/api/v2/alerts";
  if (!url.set(CURLUPART_PATH, path.c_str())) {
    return std::nullopt;
  }
  Address address{.post_url = url.get(CURLUPART_URL), .shown = {}};
  for (const CURLUPart secret :
       {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS}) {
    if (!url.set(secret, nullptr)) {
      return std::nullopt;
    }
  }
  address.shown = url.get(CURLUPART_URL);
  return address;
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  const Result<Libcurl>& curl = libcurl();
  if (!curl.ok()) {
    return curl.error();
  }
  Url url(*curl);
  std::optional<Address> address = parsed(url, std::string(text));
  if (!address) {
    return Error{
        .kind = ErrorKind::kInvalid,
        .reason = "expected an http or https URL like http://localhost:9093"};
  }
  return *std::move(address);
}

}  // namespace ssh_keepalive::alertmanager
