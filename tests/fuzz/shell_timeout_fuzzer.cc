// Any bytes as a start-up file of the shells: what comes out is over 0, and a
// value has a line.
#include <string_view>
#include <vector>

#include "collectors/shell_timeout/change.h"
#include "collectors/shell_timeout/commands.h"
#include "collectors/shell_timeout/shell_timeout.h"
#include "tests/fuzz/fuzzing.h"

namespace {

using namespace ssh_keepalive;  // NOLINT(google-build-using-namespace)
using namespace ssh_keepalive::
    shell_timeout;  // NOLINT(google-build-using-namespace)
using fuzzing::require;

template <typename Visit, typename ChangeOf>
void check(std::string_view text, Visit visit, ChangeOf change_of) {
  Follower follower;
  visit(text, [&](const Command& command) {
    require(!command.words.empty() && command.line > 0);
    if (const auto change = change_of(command)) {
      require(!change->value || change->value->count() >= 0);
      follower.apply(*change, command.conditional,
                     {.file = "/file", .line = command.line});
    }
    return true;
  });
  const Limit& limit = follower.limit();
  require(!limit.timeout || (limit.timeout->count() > 0 && limit.source));
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::vector<char> copy = fuzzing::copy_of(data, size);
  const std::string_view text(copy.data(), copy.size());
  check(text, visit_commands, tmout_change);
  check(text, visit_csh_commands, autologout_change);
  return 0;
}
