#include "diagnosis/mechanism.h"

namespace ssh_keepalive::diagnosis {

std::string_view name_of(Layer layer) {
  switch (layer) {
    case Layer::kTcpKeepalive:
      return "tcp_keepalive";
    case Layer::kRetransmissionLimit:
      return "retransmission_limit";
    case Layer::kClientAlive:
      return "client_alive";
    case Layer::kServerAlive:
      return "server_alive";
    case Layer::kChannelTimeout:
      return "channel_timeout";
    case Layer::kUnusedConnectionTimeout:
      return "unused_connection_timeout";
    case Layer::kLoginGrace:
      return "login_grace";
    case Layer::kControlPersist:
      return "control_persist";
    case Layer::kStopIdleSession:
      return "stop_idle_session";
    case Layer::kShellTimeout:
      return "shell_timeout";
    case Layer::kConntrack:
      return "conntrack";
    case Layer::kPath:
      return "path";
    case Layer::kObserved:
      break;
  }
  return "observed";
}

}  // namespace ssh_keepalive::diagnosis
