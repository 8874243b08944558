// Any bytes as a file of /proc/sys, as files of sysctl.d, and each line as a
// glob.
#include <string>
#include <string_view>

#include "collectors/sysctl/sysctl.h"
#include "collectors/sysctl/sysctl_assignments.h"
#include "collectors/sysctl/sysctl_files.h"
#include "tests/fuzz/fuzzing.h"
#include "tests/support.h"

namespace {

using namespace ssh_keepalive;          // NOLINT(google-build-using-namespace)
using namespace ssh_keepalive::sysctl;  // NOLINT(google-build-using-namespace)
using fuzzing::require;

void check_value(std::string_view text) {
  if (const auto value = parse_value(text)) {
    require(parse_value(std::to_string(*value) + "\n") == value);
  }
  if (const auto number = kernel_number(text)) {
    require(kernel_number(std::to_string(*number)) == number);
  }
}

void check_assignments(std::string_view text) {
  const std::string path = "net/ipv4/tcp_keepalive_time";
  int last = 0;
  for (const Assignment& assignment : parse_assignments(text)) {
    require(assignment.line > 0 && assignment.line >= last);
    last = assignment.line;
    const std::string& key = assignment.key;
    require(!key.starts_with('/') && !key.ends_with('/') &&
            key.find("//") == key.npos);
    const std::optional<bool> matches = glob_matches(key, path);
    if (key.find_first_of("*?[{\\") == key.npos && matches) {
      require(*matches == (key == path));
    }
    if (assignment.value) {
      check_value(*assignment.value);
    }
  }
}

void check_line(const FileLine& line) {
  require(!line.file.empty() && line.line >= 0);
}

// systemd also ends a line at a carriage return and at a NUL byte, while lines
// are counted as an editor does: several may have the same number.
bool may_share_numbers(std::string_view text) {
  return text.find_first_of(std::string_view("\r\0", 2)) != text.npos;
}

// Two files, of which one may replace the other.
void check_files(std::string_view first, std::string_view second) {
  static const testing::TemporaryDirectory tree;
  static const HostRoot root = *HostRoot::open(tree.path().string());
  tree.write("etc/sysctl.d/a.conf", first);
  tree.write("usr/lib/sysctl.d/b.conf", first);
  tree.write("usr/lib/sysctl.d/a.conf", second);
  FileFacts facts;
  static_cast<void>(collect_files(root, facts));
  for (const FileSetting& setting : facts.settings) {
    require(!setting.value || setting.source);
    require(setting.known || !setting.source);
    if (setting.source) {
      check_line(*setting.source);
      require(setting.source->line > 0);
    }
    if (setting.accepted()) {
      require(*setting.value >= setting.lowest_value &&
              *setting.value <= setting.highest_value);
    }
    for (const ShadowedLine& shadowed : setting.shadowed) {
      check_line(shadowed.at);
      check_line(shadowed.by);
      require(shadowed.at.line > 0);
      require(shadowed.at != shadowed.by || may_share_numbers(first) ||
              may_share_numbers(second));
    }
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::vector<char> copy = fuzzing::copy_of(data, size);
  const std::string_view text(copy.data(), copy.size());
  const auto [first, second] = fuzzing::parts_of<2>(text);
  check_value(text);
  check_assignments(text);
  check_files(first, second);
  return 0;
}
