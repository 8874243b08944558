// From a request to its response: no sockets in here.
#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_ROUTER_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_ROUTER_H_

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "exporter/http/message.h"
#include "exporter/http/slots.h"
#include "exporter/service.h"

namespace ssh_keepalive::http {

// Safe to use from several threads.
class Router {
 public:
  // `after_reload` is called after POST /-/reload has changed the settings.
  Router(Service& service, std::function<void()> after_reload)
      : service_(service), after_reload_(std::move(after_reload)) {}

  // The whole response to a GET, also for HEAD: the server leaves its body
  // out. 404 for unknown paths, 405 for methods other than a path's own.
  Response handle(const Request& request);

 private:
  Response metrics(const Request& request);
  // One for a scrape or a look; nothing: too many others hold theirs.
  std::optional<Slots::Slot> take_slot();
  // Those that name people to who shows the token.
  Response page(const Request& request, const Settings& settings);
  Response status(const Settings& settings, bool with_identities);
  nlohmann::ordered_json document(std::string_view path);
  Response reload();

  Service& service_;
  std::function<void()> after_reload_;
  Slots slots_;  // of scrapes, and of looks for documents
};

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_ROUTER_H_
