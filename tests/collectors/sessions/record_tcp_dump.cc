// record_tcp_dump FILE PORT...: writes what the kernel answers to the sessions
// collector's request, byte for byte. This is how the fixtures' dumps were
// made (tests/fixtures/hosts/capture).
#include <fstream>
#include <iostream>
#include <span>
#include <vector>

#include "collectors/base/number.h"
#include "collectors/sessions/netlink.h"
#include "collectors/sessions/selection.h"
#include "collectors/sessions/sock_diag.h"

namespace ssh_keepalive::sessions {
namespace {

int record(const std::vector<const char*>& arguments) {
  std::vector<std::uint16_t> ports;
  for (std::size_t i = 2; i < arguments.size(); ++i) {
    ports.push_back(parse_integer<std::uint16_t>(arguments[i]).value_or(0));
  }
  if (PortSet(ports).ports().empty()) {
    std::cerr << "usage: record_tcp_dump FILE PORT...\n";
    return 64;
  }
  std::ofstream file(arguments[1], std::ios::binary);
  const Result<void> recorded = kernel_exchange(
      encode_dump_request(DumpKind::kBothFamilies, Selection(PortSet(ports))),
      [&file](std::span<const std::byte> datagram) -> Result<bool> {
        for (const std::byte byte : datagram) {
          file.put(static_cast<char>(byte));
        }
        Result<DumpProgress> progress =
            decode_datagram(datagram, [](const Socket&) {});
        if (!progress.ok()) {
          return std::move(progress).error();
        }
        return !progress->done;
      });
  if (!recorded.ok()) {
    std::cerr << recorded.error().message() << '\n';
    return 1;
  }
  return file.flush() ? 0 : 1;
}

}  // namespace
}  // namespace ssh_keepalive::sessions

int main(int argc, char** argv) {
  return ssh_keepalive::sessions::record(
      std::vector<const char*>(argv, argv + argc));
}
