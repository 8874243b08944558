#include "exporter/http/router.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <utility>

#include "exporter/http/authorization.h"
#include "exporter/http/encoding.h"
#include "exporter/http/page/page.h"
#include "exporter/http/page/style.h"
#include "exporter/http/query.h"
#include "exporter/report/identities.h"
#include "exporter/report/json_values.h"
#include "exporter/report/report_json.h"
#include "exporter/report/session_risk.h"
#include "exporter/report/sessions_json.h"

namespace ssh_keepalive::http {
namespace {

constexpr std::string_view kReportPath = "/api/v1/report";
constexpr std::string_view kSessionsPath = "/api/v1/sessions";
constexpr const char* kMetricsContentType =
    "text/plain; version=0.0.4; charset=utf-8";

Response plain(int status, std::string body) {
  return {.status = status, .body = std::move(body) + "\n"};
}

// RFC 9110, 15.5.2: names what would be taken. Browsers ask for a password.
Response unauthorized() {
  Response response =
      plain(401, "the token of [web] private_token_file is needed");
  response.headers.emplace_back(
      "WWW-Authenticate",
      R"(Basic realm="ssh_keepalive_exporter", charset="UTF-8")");
  response.headers.emplace_back("WWW-Authenticate",
                                R"(Bearer realm="ssh_keepalive_exporter")");
  return response;
}

bool asks_for_private(const Request& request) {
  for (const auto& [name, value] : parse_query(request.query)) {
    if (name == "private") {
      return true;
    }
  }
  return false;
}

Response compressed(Response response, const Request& request) {
  response.headers.emplace_back("Vary", "Accept-Encoding");
  if (accepts_gzip(request.accept_encoding)) {
    if (std::optional<std::string> bytes = gzip(response.body)) {
      response.body = *std::move(bytes);
      response.headers.emplace_back("Content-Encoding", "gzip");
    }
  }
  return response;
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

Response too_many() { return plain(503, "too many scrapes at once"); }

}  // namespace

Response Router::handle(const Request& request) {
  const std::shared_ptr<const Settings> settings = service_.settings();
  if (request.path == "/-/reload") {
    return request.method == "POST" ? reload() : method_not_allowed("POST");
  }
  const bool metrics_path = request.path == settings->web.telemetry_path;
  const bool may_name = request.path == "/" || request.path == kReportPath ||
                        request.path == kSessionsPath;
  const bool known = metrics_path || may_name || request.path == "/-/healthy" ||
                     request.path == "/-/ready";
  if (!known) {
    return plain(404, "not found");
  }
  if (!is_read(request)) {
    return method_not_allowed("GET, HEAD");
  }
  if (metrics_path) {
    return metrics(request);
  }
  if (may_name) {
    return page(request, *settings);
  }
  return plain(200, request.path == "/-/healthy" ? "healthy" : "ready");
}

Response Router::metrics(const Request& request) {
  const std::optional<Slots::Slot> slot = take_slot();
  if (!slot) {
    return too_many();
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
  return compressed(
      {.content_type = kMetricsContentType, .body = *std::move(text)}, request);
}

std::optional<Slots::Slot> Router::take_slot() {
  // A crowd of scrapes is through sooner, unless a collector hangs; and it is
  // less than Prometheus waits.
  constexpr std::chrono::milliseconds kPatience{500};
  return slots_.take(service_.settings()->web.max_requests, kPatience);
}

Response Router::page(const Request& request, const Settings& settings) {
  const Access access =
      access_of(request.authorization, settings.web.private_token);
  if (access == Access::kRefused ||
      (access == Access::kPublic && asks_for_private(request))) {
    return unauthorized();
  }
  const std::optional<Slots::Slot> slot = take_slot();
  if (!slot) {
    return too_many();
  }
  const bool with_identities = access == Access::kPrivate;
  Response response;
  if (request.path == "/") {
    response = status(settings, with_identities);
  } else {
    nlohmann::ordered_json document = this->document(request.path);
    if (!with_identities) {
      hide_identities(document);
    }
    constexpr bool kOnOneLine = true;
    response.content_type = "application/json";
    response.body = text_of(document, kOnOneLine);
  }
  // Who asks decides what is in it.
  response.headers.emplace_back("Cache-Control", "no-store");
  return compressed(std::move(response), request);
}

Response Router::status(const Settings& settings, bool with_identities) {
  const Service::Seen seen = service_.look_by_all();
  Response response{
      .content_type = "text/html; charset=utf-8",
      .body = status_page({.settings = settings,
                           .scrape = seen.scrape,
                           .report = seen.report,
                           .reload = service_.reload_status(),
                           .ends = service_.ends(),
                           .now = std::chrono::system_clock::now()},
                          with_identities)};
  response.headers.emplace_back("Content-Security-Policy", page_policy());
  return response;
}

nlohmann::ordered_json Router::document(std::string_view path) {
  const Service::Seen seen = service_.look_by_all();
  const Facts& facts = seen.scrape.facts;
  if (path == kSessionsPath) {
    nlohmann::ordered_json sessions =
        sessions_json(by_risk(judged_sessions(facts, seen.report)));
    if (!facts.sessions) {
      sessions["sessions"] = nullptr;  // not collected
    }
    return sessions;
  }
  nlohmann::ordered_json report = report_json(facts, seen.report);
  add_ends(service_.ends(), report);
  return report;
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
