// libFuzzer: any bytes as an sshd_config, for every version's grammar.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "collectors/sshd_config/evaluate.h"

namespace ssh_keepalive::sshd_config {
namespace {

using openssh::Version;

void evaluate_bytes(std::uint8_t selector, std::string_view text) {
  static const std::array versions = {
      Version{.release = {8, 4}},  Version{.release = {9, 2}},
      Version{.release = {9, 9}},  Version{.release = {10, 0}},
      Version{.release = {10, 3}}, Version{.release = {10, 0}, .debian = false},
  };
  const Version& version = versions.at(selector % versions.size());
  // It includes itself, so that Include is evaluated without a file system.
  const auto file = std::make_shared<const File>(
      File{.path = "/f", .lines = parse_lines(text, version)});
  Document document{.version = version, .main = file};
  document.patterns.emplace("/f", std::vector<std::string>{"/f"});
  document.included.emplace("/f", file);
  const Connection connection{.user = "alice",
                              .groups = {"dev"},
                              .host = "a.example.org",
                              .address = "10.1.2.3",
                              .local_address = "::1",
                              .local_port = 22,
                              .routing_domain = "vrf"};
  static_cast<void>(evaluate(document, nullptr));
  static_cast<void>(evaluate(document, &connection));
  static_cast<void>(parse_connection(text, version, openssh::Services()));
}

}  // namespace
}  // namespace ssh_keepalive::sshd_config

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size != 0) {
    ssh_keepalive::sshd_config::evaluate_bytes(
        *data, {reinterpret_cast<const char*>(data) + 1, size - 1});
  }
  return 0;
}
