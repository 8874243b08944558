#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_MESSAGE_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_MESSAGE_H_

#include <string>
#include <utility>
#include <vector>

namespace ssh_keepalive::http {

// Header values are empty where the client sent none.
struct Request {
  std::string method;
  std::string path;   // decoded, without the query
  std::string query;  // as sent, without the `?`
  std::string accept_encoding;
  std::string scrape_timeout_seconds;
  std::string authorization;
};

struct Response {
  int status = 200;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_MESSAGE_H_
