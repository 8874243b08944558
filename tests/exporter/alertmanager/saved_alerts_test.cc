#include "exporter/alertmanager/saved_alerts.h"

#include <gtest/gtest.h>

#include <string>

namespace ssh_keepalive::alertmanager {
namespace {

using std::chrono::seconds;

TimePoint at(int second) { return TimePoint(seconds(1'769'904'000 + second)); }

SavedAlerts example() {
  return {.saved_at = at(9),
          .entries = {{&kAlerts[0],
                       {.open_since = at(0),
                        .known_at = at(5),
                        .fires_since = at(2),
                        .closed_since = at(4)}},
                      {&kAlerts[1], {.open_since = at(1), .known_at = at(6)}}}};
}

std::string reason(std::string_view text) {
  const Result<SavedAlerts> saved = parse_saved(text);
  return saved.ok() ? "" : saved.error().reason;
}

std::string with_alerts(const std::string& alerts) {
  return R"({"version":1,"saved_at_ms":1,"alerts":)" + alerts + "}";
}

TEST(SavedAlerts, AreReadAsTheyWereWritten) {
  const Result<SavedAlerts> read = parse_saved(saved_text(example()));
  ASSERT_TRUE(read.ok()) << read.error().message();
  EXPECT_EQ(read->saved_at, at(9));
  EXPECT_EQ(read->entries, example().entries);
}

TEST(SavedAlerts, MayBeNone) {
  const Result<SavedAlerts> read =
      parse_saved(saved_text({.saved_at = at(0), .entries = {}}));
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read->entries.empty());
}

TEST(SavedAlerts, EachCutTextIsRefused) {
  const std::string text = saved_text(example());
  for (std::size_t length = 0; length + 2 < text.size(); ++length) {
    EXPECT_NE(reason(text.substr(0, length)), "") << length;
  }
}

TEST(SavedAlerts, GarbageIsRefused) {
  for (const std::string& text :
       {std::string(), std::string("nonsense"), std::string("[]"),
        std::string("{}"), std::string(1 << 16, '['),
        std::string(kMaxSavedBytes + 1, ' ') + saved_text(example()),
        std::string(R"({"version":2,"saved_at_ms":1,"alerts":[]})"),
        std::string(R"({"version":1,"saved_at_ms":-1,"alerts":[]})"),
        std::string(R"({"version":1,"saved_at_ms":1e99,"alerts":[]})"),
        with_alerts("{}"), with_alerts("[1]"), with_alerts("[{}]"),
        with_alerts(R"([{"check":1,"open_since_ms":1}])"),
        with_alerts(R"([{"open_since_ms":1,"known_at_ms":1,)"
                    R"("fires_since_ms":"x"}])"),
        with_alerts(R"([{"open_since_ms":1,)"
                    R"("known_at_ms":9223372036854775807}])")}) {
    EXPECT_NE(reason(text), "") << text.substr(0, 100);
  }
}

TEST(SavedAlerts, ThoseOfOtherVersionsAreLeftOut) {
  const Result<SavedAlerts> read = parse_saved(with_alerts(
      R"([{"check":"later","severity":"warning","open_since_ms":1,)"
      R"("known_at_ms":1},{"check":"refresh_too_late","severity":"warning",)"
      R"("open_since_ms":1,"known_at_ms":1,"new":[]}])"));
  ASSERT_TRUE(read.ok()) << read.error().message();
  EXPECT_EQ(read->entries.size(), 1U);
}

}  // namespace
}  // namespace ssh_keepalive::alertmanager
