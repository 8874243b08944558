// Any bytes as the file in which alerts outlive a restart: what comes out can
// be written, and read again as the same, and taken over at any later time.
#include <string>
#include <string_view>

#include "exporter/alertmanager/saved_alerts.h"
#include "tests/fuzz/fuzzing.h"

namespace {

using namespace ssh_keepalive;  // NOLINT(google-build-using-namespace)
using namespace ssh_keepalive::
    alertmanager;  // NOLINT(google-build-using-namespace)
using fuzzing::require;

std::vector<Judged> all_of(AlertState state) {
  std::vector<Judged> all;
  for (const AlertRow& row : kAlerts) {
    all.push_back({.row = &row, .state = state});
  }
  return all;
}

void check_restored(const SavedAlerts& saved) {
  constexpr BookTimes kTimes{.longest_hold = std::chrono::hours(1),
                             .tell_end = std::chrono::minutes(15)};
  for (const int hours : {-30, 0, 2, 100'000}) {
    const TimePoint now = saved.saved_at + std::chrono::hours(hours);
    AlertBook book;
    book.restore(saved.entries, saved.saved_at, now);
    for (const AlertState state :
         {AlertState::kUnknown, AlertState::kClosed, AlertState::kOpen}) {
      require(book.entries().size() <= saved.entries.size());
      for (const Alert& alert : book.alerts()) {
        require(saved.entries.contains(alert.row));
        require(!alert.ended_at || *alert.ended_at <= now);
      }
      book.take(all_of(state), now, kTimes);
    }
    require(book.entries().size() == kAlerts.size());
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::vector<char> copy = fuzzing::copy_of(data, size);
  const Result<SavedAlerts> saved =
      parse_saved(std::string_view(copy.data(), copy.size()));
  if (!saved.ok()) {
    return 0;
  }
  const std::string text = saved_text(*saved);
  const Result<SavedAlerts> again = parse_saved(text);
  require(again.ok() && again->saved_at == saved->saved_at &&
          again->entries == saved->entries && saved_text(*again) == text);
  check_restored(*saved);
  return 0;
}
