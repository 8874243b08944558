// Any bytes as dpkg's database, and as the version of an OpenSSH.
#include <string>
#include <string_view>

#include "collectors/base/dpkg.h"
#include "collectors/openssh_syntax/version.h"
#include "tests/fuzz/fuzzing.h"
#include "tests/support.h"

namespace {

using namespace ssh_keepalive;           // NOLINT(google-build-using-namespace)
using namespace ssh_keepalive::openssh;  // NOLINT(google-build-using-namespace)
using fuzzing::require;

void check_version(std::string_view text) {
  const std::optional<Version> version = parse_version(text);
  if (!version) {
    return;
  }
  const auto [major, minor] = version->release;
  require(major >= 0 && major <= 999 && minor >= 0 && minor <= 999);
  require(version->text == text);
  const std::string shorter =
      std::to_string(major) + "." + std::to_string(minor);
  const std::optional<Version> again = parse_version(shorter);
  require(again && again->release == version->release && !again->debian);
  require(release_text(*version).starts_with("OpenSSH_" + shorter + "p"));
  static_cast<void>(is_confirmed(*version));
  static_cast<void>(has_proxy_jump_of_10_3(*version));
  static_cast<void>(has_client_channel_types(*version));
  static_cast<void>(has_match_of_9_9p2(*version));
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const testing::TemporaryDirectory tree;
  static const HostRoot root = *HostRoot::open(tree.path().string());
  const std::vector<char> copy = fuzzing::copy_of(data, size);
  const std::string_view text(copy.data(), copy.size());
  check_version(text);
  tree.write(kDpkgStatus, text);
  const Result<std::string> version = package_version(root, "openssh-server");
  if (version.ok()) {
    require(!version->empty() && version->find('\n') == version->npos);
    check_version(*version);
  }
  return 0;
}
