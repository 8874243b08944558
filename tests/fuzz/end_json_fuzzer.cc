// Any bytes as the state file: what comes out can be written, and read again
// as the same.
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "exporter/ends/end_json.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  using namespace ssh_keepalive;  // NOLINT(google-build-using-namespace)
  const std::vector<char> copy(data, data + size);
  const Result<StoredEnds> stored =
      parse_stored_ends(std::string_view(copy.data(), copy.size()));
  if (!stored.ok()) {
    return 0;
  }
  const std::string text = stored_ends_text(*stored);
  const Result<StoredEnds> again = parse_stored_ends(text);
  if (!again.ok() || again->ends != stored->ends ||
      stored_ends_text(*again) != text) {
    std::abort();
  }
  return 0;
}
