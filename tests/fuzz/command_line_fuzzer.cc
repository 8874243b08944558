// Any bytes as the exporter's command line, its words separated by NUL bytes,
// and as the line of --what-if: nothing is thrown, and what is taken lies in
// the documented ranges.
#include <sstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "diagnosis/what_if.h"
#include "exporter/command_line.h"
#include "tests/fuzz/fuzzing.h"

namespace {

using namespace ssh_keepalive;  // NOLINT(google-build-using-namespace)
using fuzzing::require;

void check_line(const CommandLine& line) {
  require(!line.max_requests ||
          (*line.max_requests >= 1 && *line.max_requests <= kMaxRequestsLimit));
  require(!line.watch_interval ||
          *line.watch_interval >= std::chrono::milliseconds(100));
  require(line.why_last >= 0);
  require(!line.telemetry_path || line.telemetry_path->starts_with('/'));
}

void check_words(std::string_view text) {
  std::vector<std::string> words = {"ssh_keepalive_exporter"};
  while (!text.empty()) {
    words.emplace_back(fuzzing::take_part(text, '\0'));
  }
  std::vector<const char*> arguments;
  arguments.reserve(words.size());
  for (const std::string& word : words) {
    arguments.push_back(word.c_str());
  }
  const int count = static_cast<int>(arguments.size());
  static_cast<void>(names_check(count, arguments.data()));
  std::ostringstream out;
  std::ostringstream err;
  const auto parsed = parse_command_line(count, arguments.data(), out, err);
  if (const auto* const line = std::get_if<CommandLine>(&parsed)) {
    check_line(*line);
    require(out.str().empty() && err.str().empty());
  } else {
    require(!out.str().empty() || !err.str().empty());
  }
}

void check_what_if(std::string_view text) {
  Facts facts;
  facts.sysctl.emplace();
  facts.sshd_config.emplace();
  facts.ssh_config.emplace();
  const auto changed = diagnosis::what_if(facts, text);
  const auto* const why = std::get_if<std::string>(&changed);
  require(why == nullptr || !why->empty());
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::vector<char> copy = fuzzing::copy_of(data, size);
  const std::string_view text(copy.data(), copy.size());
  check_words(text);
  check_what_if(text);
  return 0;
}
