// Whatever a line of /proc/net/tcp or tcp6 holds: no crash, and a socket that
// comes out has a port of the set.
#include <cstdlib>
#include <string_view>
#include <vector>

#include "collectors/sessions/proc_net_tcp.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using ssh_keepalive::sessions::AddressFamily;
  using ssh_keepalive::sessions::parse_proc_net_tcp_line;
  using ssh_keepalive::sessions::PortSet;
  using ssh_keepalive::sessions::Selection;
  const Selection ports{PortSet(std::vector<std::uint16_t>{22})};
  const std::vector<char> copy(data, data + size);
  const std::string_view line(copy.data(), copy.size());
  for (const AddressFamily family :
       {AddressFamily::kIpv4, AddressFamily::kIpv6}) {
    const auto socket = parse_proc_net_tcp_line(family, line, ports);
    if (socket.ok() && *socket && (*socket)->local.port != 22 &&
        (*socket)->peer.port != 22) {
      std::abort();
    }
  }
  return 0;
}
