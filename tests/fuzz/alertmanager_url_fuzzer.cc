// Any bytes as the URL of an Alertmanager: what is taken can be taken again,
// and what logs show of it has no password.
#include <string>
#include <string_view>

#include "exporter/alertmanager/address.h"
#include "tests/fuzz/fuzzing.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace ssh_keepalive;  // NOLINT(google-build-using-namespace)
  using alertmanager::Address;
  using alertmanager::parse_address;
  using fuzzing::require;
  const std::vector<char> copy = fuzzing::copy_of(data, size);
  const Result<Address> address =
      parse_address(std::string_view(copy.data(), copy.size()));
  if (!address.ok()) {
    require(address.error().kind == ErrorKind::kInvalid);
    return 0;
  }
  for (const std::string& url : {address->post_url, address->shown}) {
    require(url.starts_with("http://") || url.starts_with("https://"));
    require(url.ends_with("/api/v2/alerts"));
    require(url.find_first_of(" \r\n\t") == url.npos);
    require(parse_address(url).ok());
  }
  const std::size_t host = address->shown.find("://") + 3;
  const std::string_view shown(address->shown);
  require(shown.substr(host, shown.find('/', host) - host).find('@') ==
          shown.npos);
  // Shown is what is left when user and password are taken away.
  const Result<Address> again = parse_address(address->shown);
  require(again.ok() && again->post_url == again->shown);
  return 0;
}
