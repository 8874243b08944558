// Any bytes as a file of logind.conf, and each line as a time span: what comes
// out is over 0 and has a line.
#include <cstdlib>
#include <string_view>
#include <vector>

#include "collectors/logind/logind.h"
#include "collectors/logind/time_span.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace ssh_keepalive;  // NOLINT(google-build-using-namespace)
  const std::vector<char> copy(data, data + size);
  const std::string_view text(copy.data(), copy.size());
  logind::Facts facts;
  logind::apply_file(text, "/file", facts);
  if ((facts.stop_idle_session && facts.stop_idle_session->count() <= 0) ||
      facts.known != facts.source.has_value() ||
      (facts.source && facts.source->line <= 0)) {
    std::abort();
  }
  const auto span = logind::parse_time_span(text.substr(0, text.find('\n')));
  if (span && span->length && span->length->count() < 0) {
    std::abort();
  }
  static_cast<void>(logind::has_stop_idle_session(text));
  return 0;
}
