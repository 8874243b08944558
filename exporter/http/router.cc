#include "exporter/http/router.h"

#include <charconv>
#include <cmath>
#include <utility>

#include "exporter/http/encoding.h"
#include "exporter/http/landing_page.h"
#include "exporter/http/query.h"

namespace ssh_keepalive::http {
namespace {

constexpr const char* kMetricsContentType =
    "text/plain; version=0.0.4; charset=utf-8";

Response plain(int status, std::string body) {
  return {.status = status, .body = std::move(body) + "\n"};
}

Response method_not_allowed(std::string allowed) {
  Response response = plain(405, "method not allowed");
  response.headers.emplace_back("Allow", std::move(allowed));
  return response;
}

bool is_read(const Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

std::optional<std::chrono::duration<double>> parse_timeout(
    const std::string& seconds) {
  double value = 0;
  const char* const end = seconds.data() + seconds.size();
  const auto [stop, error] = std::from_chars(seconds.data(), end, value);
  if (error != std::errc{} || stop != end || !std::isfinite(value) ||
      value <= 0) {
    return std::nullopt;
  }
  return std::chrono::duration<double>(value);
}

// Counts a scrape for as long as it lives.
class InFlight {
 public:
  explicit InFlight(std::atomic<int>& count)
      : count_(count), ahead_(count.fetch_add(1)) {}
  InFlight(const InFlight&) = delete;
  InFlight& operator=(const InFlight&) = delete;
  InFlight(InFlight&&) = delete;
  InFlight& operator=(InFlight&&) = delete;
  ~InFlight() { count_.fetch_sub(1); }

  [[nodiscard]] int ahead() const { return ahead_; }

 private:
  std::atomic<int>& count_;
  int ahead_;  // scrapes that were there before
};

}  // namespace

Response Router::handle(const Request& request) {
  const std::shared_ptr<const Settings> settings = service_.settings();
  if (request.path == "/-/reload") {
    return request.method == "POST" ? reload() : method_not_allowed("POST");
  }
  const bool metrics_path = request.path == settings->web.telemetry_path;
  const bool known = metrics_path || request.path == "/" ||
                     request.path == "/-/healthy" || request.path == "/-/ready";
  if (!known) {
    return plain(404, "not found");
  }
  if (!is_read(request)) {
    return method_not_allowed("GET, HEAD");
  }
  if (metrics_path) {
    return metrics(request);
  }
  if (request.path == "/") {
    return {.content_type = "text/html; charset=utf-8",
            .body = landing_page(*settings, service_.last_outcomes(),
                                 service_.reload_status())};
  }
  return plain(200, request.path == "/-/healthy" ? "healthy" : "ready");
}

Response Router::metrics(const Request& request) {
  const InFlight scrape(scrapes_in_flight_);
  if (scrape.ahead() >= service_.settings()->web.max_requests) {
    return plain(503, "too many scrapes at once");
  }
  ScrapeRequest wanted{.prometheus_timeout =
                           parse_timeout(request.scrape_timeout_seconds)};
  for (const auto& [name, value] : parse_query(request.query)) {
    if (name == "collect[]") {
      wanted.collect.push_back(value);
    } else if (name == "exclude[]") {
      wanted.exclude.push_back(value);
    }
  }
  Result<std::string> text = service_.scrape_text(wanted);
  if (!text.ok()) {
    return plain(400, text.error().reason);
  }
  Response response{.content_type = kMetricsContentType,
                    .body = *std::move(text),
                    .headers = {{"Vary", "Accept-Encoding"}}};
  if (accepts_gzip(request.accept_encoding)) {
    if (std::optional<std::string> compressed = gzip(response.body)) {
      response.body = *std::move(compressed);
      response.headers.emplace_back("Content-Encoding", "gzip");
    }
  }
  return response;
}

Response Router::reload() {
  if (!service_.settings()->web.enable_lifecycle) {
    return plain(403, "start with --web.enable-lifecycle to allow this");
  }
  const Result<void> reloaded = service_.reload();
  if (!reloaded.ok()) {
    return plain(500, reloaded.error().message());
  }
  after_reload_();
  return plain(200, "reloaded");
}

}  // namespace ssh_keepalive::http
