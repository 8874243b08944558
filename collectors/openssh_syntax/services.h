// Names of TCP ports: the services database of a host, services(5).
#ifndef SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_SERVICES_H_
#define SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_SERVICES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "collectors/base/host_root.h"

namespace ssh_keepalive::openssh {

using TcpServices = std::map<std::string, std::uint16_t, std::less<>>;

// The ports of all names and aliases for "tcp", each from its first line, by
// the grammar of glibc's getservbyname(3): a number may be octal or
// hexadecimal and is cut to 16 bits; lines of another form are passed over.
TcpServices parse_services(std::string_view content);

// <root>/etc/services, which is read when a name is first asked for. Copies
// share what was read. Other sources of nsswitch.conf(5) are not asked.
class Services {
 public:
  // A host that knows no service.
  Services() = default;
  explicit Services(const HostRoot& root);

  // Nothing where the file has no such name, or is absent, unreadable or
  // larger than 1 MiB.
  [[nodiscard]] std::optional<std::uint16_t> tcp_port(
      std::string_view name) const;

  // False once the file is another than the one that was read.
  [[nodiscard]] bool is_current() const;

 private:
  struct Database;
  std::shared_ptr<Database> database_;  // null: no services
};

}  // namespace ssh_keepalive::openssh

#endif  // SSH_KEEPALIVE_COLLECTORS_OPENSSH_SYNTAX_SERVICES_H_
