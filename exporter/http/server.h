// The HTTP server: CivetWeb's threads around the router.
#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_SERVER_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "collectors/base/result.h"
#include "exporter/http/router.h"

struct mg_context;

namespace ssh_keepalive::http {

// Serves until it goes; then it waits for the requests in flight.
class Server {
 public:
  // Errors: those of to_listening_ports; kFailed with CivetWeb's reason (port
  // in use, privileged port). `router` outlives the server.
  static Result<std::unique_ptr<Server>> start(
      const std::vector<std::string>& addresses, int max_requests,
      Router& router);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  Server(Server&&) = delete;
  Server& operator=(Server&&) = delete;

  // From now on nobody can connect, and whoever has is waited for, for some
  // seconds at most: for a server that goes while the program stays. Else
  // CivetWeb would leave clients behind, see drain.h.
  void let_clients_go();

  // One for each address, like "http://localhost:10722/".
  [[nodiscard]] std::vector<std::string> urls() const;

  // Whether its threads suffice for that many scrapes at once.
  [[nodiscard]] bool has_threads_for(int max_requests) const;

 private:
  Server(std::vector<std::string> addresses, int threads);

  std::vector<std::string> addresses_;
  int threads_;
  std::string last_message_;  // CivetWeb's, while it starts
  mg_context* context_ = nullptr;
};

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_SERVER_H_
