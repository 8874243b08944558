#include "exporter/http/server.h"

#include <civetweb.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

#include "exporter/http/drain.h"
#include "exporter/http/listen_address.h"

namespace ssh_keepalive::http {
namespace {

// A client that sends nothing, or a byte now and then, holds a thread until the
// request timeout, and so does one that does not read. So there are more
// threads than scrapes: beside that many of them others still get through. One
// takes some 20 KiB.
constexpr int kReservedThreads = 128;
constexpr const char* kRequestTimeoutMilliseconds = "2000";

// Connections that the kernel holds until a thread takes them. Of more at once
// the kernel drops the SYN, and their clients try again after a second.
constexpr const char* kBacklog = "2048";

std::string header_of(const mg_connection* connection, const char* name) {
  const char* const value = mg_get_header(connection, name);
  return value == nullptr ? "" : value;
}

Request to_request(const mg_connection* connection) {
  const mg_request_info& info = *mg_get_request_info(connection);
  const auto text = [](const char* value) {
    return std::string(value == nullptr ? "" : value);
  };
  return {.method = text(info.request_method),
          .path = text(info.local_uri),
          .query = text(info.query_string),
          .accept_encoding = header_of(connection, "Accept-Encoding"),
          .scrape_timeout_seconds =
              header_of(connection, "X-Prometheus-Scrape-Timeout-Seconds"),
          .authorization = header_of(connection, "Authorization")};
}

// One buffer, so that head and body share their packets.
std::string to_bytes(const Response& response, bool with_body) {
  std::string bytes = fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n"
      "Connection: close\r\nX-Content-Type-Options: nosniff\r\n",
      response.status, mg_get_response_code_text(nullptr, response.status),
      response.content_type, response.body.size());
  for (const auto& header : response.headers) {
    bytes += header.first + ": " + header.second + "\r\n";
  }
  bytes += "\r\n";
  if (with_body) {
    bytes += response.body;
  }
  return bytes;
}

int handle_request(mg_connection* connection, void* router) {
  const Request request = to_request(connection);
  const Response response = static_cast<Router*>(router)->handle(request);
  const std::string bytes = to_bytes(response, request.method != "HEAD");
  mg_write(connection, bytes.data(), bytes.size());
  return response.status;
}

// That it listens on, in the order of its addresses.
std::vector<std::uint16_t> ports_of(const mg_context* context) {
  constexpr int kMaxPorts = 64;
  std::array<mg_server_port, kMaxPorts> ports{};
  const int count = mg_get_server_ports(context, kMaxPorts, ports.data());
  std::vector<std::uint16_t> numbers;
  numbers.reserve(kMaxPorts);
  for (int i = 0; i < count; ++i) {
    numbers.push_back(static_cast<std::uint16_t>(ports.at(i).port));
  }
  return numbers;
}

int keep_message(const mg_connection* connection, const char* message) {
  const mg_context* const context = mg_get_context(connection);
  auto* const last = static_cast<std::string*>(
      context == nullptr ? nullptr : mg_get_user_data(context));
  if (last != nullptr && last->empty()) {
    *last = message;
  }
  return 1;  // nothing for CivetWeb's own log
}

}  // namespace

Server::Server(std::vector<std::string> addresses, int threads)
    : addresses_(std::move(addresses)), threads_(threads) {}

Result<std::unique_ptr<Server>> Server::start(
    const std::vector<std::string>& addresses, int max_requests,
    Router& router) {
  const Result<std::string> ports =
      to_listening_ports(addresses, mg_check_feature(MG_FEATURES_IPV6) != 0);
  if (!ports.ok()) {
    return ports.error();
  }
  std::unique_ptr<Server> server(
      new Server(addresses, max_requests + kReservedThreads));
  const std::string threads = std::to_string(server->threads_);
  std::array<const char*, 13> options = {"listening_ports",
                                         ports->c_str(),
                                         "num_threads",
                                         threads.c_str(),
                                         "request_timeout_ms",
                                         kRequestTimeoutMilliseconds,
                                         "enable_keep_alive",
                                         "no",
                                         "tcp_nodelay",
                                         "1",
                                         "listen_backlog",
                                         kBacklog,
                                         nullptr};
  mg_callbacks callbacks{};
  callbacks.log_message = keep_message;
  server->context_ =
      mg_start(&callbacks, &server->last_message_, options.data());
  if (server->context_ == nullptr) {
    return Error{.kind = ErrorKind::kFailed,
                 .attempted = "listen on",
                 .subject = fmt::format("{}", fmt::join(addresses, ", ")),
                 .reason = server->last_message_.empty()
                               ? "the HTTP server did not start"
                               : server->last_message_};
  }
  mg_set_request_handler(server->context_, "**", handle_request, &router);
  return server;
}

Server::~Server() {
  if (context_ != nullptr) {
    mg_stop(context_);
  }
}

void Server::let_clients_go() {
  // Whoever sends nothing is turned out before.
  constexpr std::chrono::milliseconds kPatience{3000};
  const std::vector<std::uint16_t> ports = ports_of(context_);
  drain({ports.begin(), ports.end()}, kPatience);
}

std::vector<std::string> Server::urls() const {
  const std::vector<std::uint16_t> ports = ports_of(context_);
  std::vector<std::string> urls;
  for (std::size_t i = 0; i < addresses_.size(); ++i) {
    const std::string& address = addresses_.at(i);
    const std::string host = address.substr(0, address.rfind(':'));
    const bool any = host.empty() || host == "0.0.0.0";
    const std::string port = i < ports.size()
                                 ? std::to_string(ports.at(i))
                                 : address.substr(address.rfind(':') + 1);
    urls.push_back(
        fmt::format("http://{}:{}/", any ? "localhost" : host, port));
  }
  return urls;
}

bool Server::has_threads_for(int max_requests) const {
  return max_requests + kReservedThreads <= threads_;
}

}  // namespace ssh_keepalive::http
