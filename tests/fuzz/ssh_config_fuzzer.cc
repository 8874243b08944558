// Any bytes as an ssh_config, for a host and a version that come from them.
#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

#include "collectors/base/host_root.h"
#include "collectors/base/unique_fd.h"
#include "collectors/ssh_config/destination.h"
#include "collectors/ssh_config/evaluate.h"
#include "tests/fuzz/fuzzing.h"

namespace {

using namespace ssh_keepalive;  // NOLINT(google-build-using-namespace)
using namespace ssh_keepalive::
    ssh_config;  // NOLINT(google-build-using-namespace)
using fuzzing::require;

constexpr openssh::Release kReleases[] = {{8, 4},  {9, 2},  {9, 9},
                                          {10, 0}, {10, 3}, {10, 5}};

// A root with one file in it, which every run writes anew. The file may include
// itself.
struct Tree {
  std::string directory;
  HostRoot root;
};

const Tree& tree() {
  static const Tree made = [] {
    std::string name = "/tmp/ssh_config_fuzzer_XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) {
      std::abort();
    }
    return Tree{name, *HostRoot::open(name)};
  }();
  return made;
}

void write_configuration(std::string_view content) {
  const std::string path = tree().directory + "/config";
  const UniqueFd file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (::write(file.get(), content.data(), content.size()) !=
      static_cast<ssize_t>(content.size())) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  std::string_view content(reinterpret_cast<const char*>(data), size);
  if (content.empty()) {
    return 0;
  }
  const auto choice = static_cast<unsigned char>(content.front());
  content.remove_prefix(1);
  openssh::Version version;
  version.release = kReleases[choice % std::size(kReleases)];
  version.debian = (choice & 0x80) != 0;
  static_cast<void>(parse_destination(content.substr(0, content.find('\n')),
                                      openssh::Services()));

  write_configuration(content);
  Files files(tree().root, version);
  Request request;
  request.host = (choice & 0x40) != 0 ? "alpha" : "10.0.0.1";
  request.home = "/home/alice";
  if ((choice & 0x20) != 0) {
    request.local_user = "alice";
  }
  request.files = {{"/config", FileRole::kNamed}};
  const Result<Evaluation> evaluation = evaluate(request, files);
  if (!evaluation.ok() || !evaluation->refusals.empty()) {
    return 0;
  }
  for (const Outcome& outcome : evaluation->outcomes) {
    bool undecided = false;
    for (const Undecided& entry : evaluation->undecided) {
      undecided = undecided || entry.keyword == outcome.name;
    }
    require(undecided != outcome.decided);
    // 8.4 cuts times to 32 bits.
    require(outcome.number >= 0 || version.release < openssh::Release{8, 5});
    require(!outcome.source || outcome.source->line > 0);
  }
  return 0;
}
