// Any bytes as the command line of a running ssh, its words separated by NUL
// bytes, on top of a file with some of everything.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/ssh_config/client_command.h"
#include "collectors/ssh_config/evaluate.h"
#include "tests/fuzz/fuzzing.h"

namespace {

using namespace ssh_keepalive;  // NOLINT(google-build-using-namespace)
using namespace ssh_keepalive::
    ssh_config;  // NOLINT(google-build-using-namespace)
using fuzzing::require;

constexpr openssh::Release kReleases[] = {{8, 4},  {9, 2},  {9, 9},
                                          {10, 0}, {10, 3}, {10, 5}};
constexpr char kFile[] =
    "IgnoreUnknown b*\nHost alpha\n  HostName %h.example\n  User bob\n"
    "Match user carol exec true\n  ProxyJump jump\n"
    "Match command *s* tagged work\n  ServerAliveInterval 3\n"
    "Match sessiontype none final\n  ControlPersist 5\n"
    "Match all\n  CanonicalizeHostname yes\n  CanonicalDomains example\n";

HostRoot make_tree() {
  std::string name = "/tmp/ssh_command_fuzzer_XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) {
    std::abort();
  }
  std::ofstream(name + "/config") << kFile;
  return *HostRoot::open(name);
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words = {"ssh"};
  while (!text.empty()) {
    words.emplace_back(fuzzing::take_part(text, '\0'));
  }
  return words;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const HostRoot root = make_tree();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (text.empty()) {
    return 0;
  }
  const auto choice = static_cast<unsigned char>(text.front());
  openssh::Version version;
  version.release = kReleases[choice % std::size(kReleases)];
  version.debian = (choice & 0x80) != 0;
  const std::vector<std::string> words = split(text.substr(1));
  static_cast<void>(is_master_title(words));
  Files files(root, version);
  const std::optional<ClientCommand> command =
      parse_client_command(words, version, files.services());
  if (!command) {
    return 0;
  }
  require(!command->host.starts_with('-'));
  Request request{
      .host = command->host, .local_user = "alice", .home = "/home/alice"};
  request.options = std::make_shared<const ParsedFile>(
      option_lines(*command, version, files.services()));
  for (const std::string& word : command->words) {
    request.command += word;
  }
  request.files = {{"/config", FileRole::kNamed}};
  const Result<Evaluation> evaluation = evaluate(request, files);
  if (!evaluation.ok() || !evaluation->refusals.empty()) {
    return 0;
  }
  for (const Outcome& outcome : evaluation->outcomes) {
    require(!outcome.source || outcome.source->line > 0 ||
            outcome.source->file == kCommandLine);
  }
  return 0;
}
