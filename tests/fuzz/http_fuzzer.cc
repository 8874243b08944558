// Any bytes as a request behind the HTTP server: the method, the path with its
// query, and a line for each header that counts. Whatever is asked, nobody
// sees an identity without the token, and no answer's head is split.
#include <sodium.h>
#include <zlib.h>

#include <array>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "exporter/http/authorization.h"
#include "exporter/http/encoding.h"
#include "exporter/http/query.h"
#include "exporter/http/router.h"
#include "exporter/service.h"
#include "tests/fuzz/fuzzing.h"
#include "tests/support.h"

namespace {

using namespace ssh_keepalive;        // NOLINT(google-build-using-namespace)
using namespace ssh_keepalive::http;  // NOLINT(google-build-using-namespace)
using fuzzing::require;

constexpr std::string_view kToken = "0123456789abcdef";
constexpr std::string_view kPeer = "203.0.113.7";
constexpr char kSockets[] =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
    "retrnsmt "
    "  uid  timeout inode\n"
    "   0: 016433C6:0016 077100CB:D431 01 00000000:00000000 02:0006DDD0 "
    "00000000 "
    "    0        0 4711 2 0000000000000000 20 4 31 10 -1\n";

// An exporter of a recorded host with one session.
class Exporter {
 public:
  Exporter() {
    log_.configure(LogLevel::kError, LogFormat::kLogfmt);
    tree_.write("proc/net/tcp", kSockets);
    for (const char* name : {"time", "intvl", "probes"}) {
      tree_.write(std::string("proc/sys/net/ipv4/tcp_keepalive_") + name,
                  "9\n");
    }
    tree_.write("proc/sys/net/ipv4/tcp_retries2", "15\n");
    tree_.write("token", kToken);
    tree_.write("c.ini", "[web]\nenable_lifecycle = on\nprivate_token_file = " +
                             path("token") +
                             "\n[collectors]\nsshd_config = off\n"
                             "ssh_config = off\nhost = off\n"
                             "[ends]\nstate_file = none\n");
    CommandLine line{.configuration_file = path("c.ini"),
                     .disable_exporter_metrics = true};
    Settings settings = *make_settings(line);
    service_ =
        std::make_unique<Service>(std::move(line), std::move(settings),
                                  *HostRoot::open(tree_.path().string()), log_);
    // As at a start: the token counts from here on.
    require(service_->reload().ok());
    router_ = std::make_unique<Router>(*service_, [] {});
  }

  Response answer(const Request& request) { return router_->handle(request); }

 private:
  [[nodiscard]] std::string path(const char* name) const {
    return (tree_.path() / name).string();
  }

  testing::TemporaryDirectory tree_;
  Log log_;
  std::unique_ptr<Service> service_;
  std::unique_ptr<Router> router_;
};

std::string unpacked(const std::string& bytes) {
  constexpr int kGzipWindowBits = 15 + 16;
  std::string text;
  z_stream stream{};
  require(inflateInit2(&stream, kGzipWindowBits) == Z_OK);
  stream.next_in =
      reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // as zlib is
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::array<char, 4096> part{};
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = part.size();
    status = inflate(&stream, Z_NO_FLUSH);
    text.append(part.data(), part.size() - stream.avail_out);
  }
  require(status == Z_STREAM_END && stream.avail_in == 0);
  inflateEnd(&stream);
  return text;
}

// The body, after a look at the head.
std::string body_of(const Request& request, const Response& response) {
  static const std::set<int> statuses = {200, 400, 401, 403, 404, 405};
  require(statuses.contains(response.status));
  bool is_packed = false;
  for (const auto& [name, value] : response.headers) {
    require((name + value).find_first_of("\r\n") == std::string::npos);
    is_packed = is_packed || name == "Content-Encoding";
  }
  require(!is_packed || accepts_gzip(request.accept_encoding));
  return is_packed ? unpacked(response.body) : response.body;
}

std::string base64(const std::string& text) {
  constexpr int kVariant = sodium_base64_VARIANT_ORIGINAL;
  std::string encoded(sodium_base64_ENCODED_LEN(text.size(), kVariant), '\0');
  sodium_bin2base64(encoded.data(), encoded.size(),
                    reinterpret_cast<const unsigned char*>(text.data()),
                    text.size(), kVariant);
  encoded.pop_back();  // the NUL
  return encoded;
}

void check_authorization(std::string_view header) {
  const std::string token(kToken);
  require(access_of(header, "") == Access::kPublic);
  if (access_of(header, token) == Access::kPrivate) {
    require(header.ends_with(token) || header.find_first_of("Bb") == 0);
  }
  const std::string user(header.substr(0, header.find(':')));
  require(access_of("Basic " + base64(user + ":" + token), token) ==
          Access::kPrivate);
  require(access_of("Basic " + base64(user + ":" + token + "0"), token) ==
          Access::kRefused);
}

// What was decoded, with each byte encoded, is decoded to the same.
void check_query(std::string_view query) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto pairs = parse_query(query);
  std::string encoded;
  const auto add = [&encoded, kDigits](const std::string& text) {
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      encoded += {'%', kDigits[byte / 16], kDigits[byte % 16]};
    }
  };
  for (const auto& [name, value] : pairs) {
    encoded += encoded.empty() ? "" : "&";
    add(name);
    encoded += '=';
    add(value);
  }
  require(parse_query(encoded) == pairs);
}

Request request_of(std::string_view text) {
  using fuzzing::take_part;
  Request request;
  std::string_view target = take_part(text, '\n');
  request.method = take_part(target, ' ');
  request.path = take_part(target, '?');
  request.query = target;
  request.authorization = take_part(text, '\n');
  request.accept_encoding = take_part(text, '\n');
  request.scrape_timeout_seconds = text;
  return request;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static Exporter exporter;
  const Request request =
      request_of({reinterpret_cast<const char*>(data), size});
  check_authorization(request.authorization);
  check_query(request.query);
  const Response response = exporter.answer(request);
  const std::string body = body_of(request, response);
  const Access access = access_of(request.authorization, kToken);
  require(access == Access::kPrivate || body.find(kPeer) == body.npos);
  require(body.find(kToken) == body.npos);
  if (access == Access::kPrivate && response.status == 200 &&
      request.path == "/api/v1/sessions") {
    require(body.find(kPeer) != body.npos);
  }
  return 0;
}
