#include "exporter/alertmanager/message.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace ssh_keepalive::alertmanager {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

const TimePoint kNow{seconds(1'769'904'000)};  // 1 February 2026

LabelledAlert example() {
  return {.alert = {.row = &kAlerts.front(),
                    .description = "text",
                    .starts_at = kNow - milliseconds(1500),
                    .ended_at = std::nullopt},
          .labels = {{"job", "ssh_keepalive"},
                     {"instance", "host1:10722"},
                     {"empty", ""}}};
}

json parsed(const Message& message) {
  return json::parse(message_text(message, kNow, seconds(240)));
}

TEST(MessageText, NoAlerts) { EXPECT_EQ(message_text({}, kNow, {}), "[]"); }

TEST(MessageText, HasTheLabelsOfTheRuleAndOfTheTarget) {
  const json alert = parsed({example()}).at(0);
  EXPECT_EQ(alert.at("labels"),
            json({{"alertname", "SSHKeepaliveRefreshTooLate"},
                  {"check", "refresh_too_late"},
                  {"severity", "warning"},
                  {"job", "ssh_keepalive"},
                  {"instance", "host1:10722"}}));
}

TEST(MessageText, HasTheRulesLinks) {
  const json texts = parsed({example()}).at(0).at("annotations");
  EXPECT_EQ(texts.at("summary"), kAlerts.front().summary);
  EXPECT_EQ(texts.at("description"), "text");
  EXPECT_EQ(texts.at("runbook_url"),
            "https://github.com/ssh-keepalive-exporter/ssh_keepalive_exporter/"
            "blob/main/docs/runbooks/SSHKeepaliveRefreshTooLate.md");
  EXPECT_EQ(texts.at("dashboard_url"),
            "/d/ssh-keepalive-host/?var-instance=host1:10722");
}

TEST(MessageText, OneThatFiresEndsLaterUnlessItIsToldAgain) {
  const json alert = parsed({example()}).at(0);
  EXPECT_EQ(alert.at("startsAt"), "2026-01-31T23:59:58.500Z");
  EXPECT_EQ(alert.at("endsAt"), "2026-02-01T00:04:00.000Z");
}

TEST(MessageText, OneThatHasEndedSaysWhen) {
  LabelledAlert ended = example();
  ended.alert.ended_at = kNow - seconds(1);
  EXPECT_EQ(parsed({example(), ended}).at(1).at("endsAt"),
            "2026-01-31T23:59:59.000Z");
}

TEST(MessageText, BytesThatAreNoTextAreReplaced) {
  LabelledAlert odd = example();
  odd.alert.description = "a\xFFz\"\n";
  odd.labels[1].second = "\xC3(";
  const json alert = parsed({odd}).at(0);
  EXPECT_EQ(alert.at("annotations").at("description"), "a\xEF\xBF\xBDz\"\n");
}

TEST(TargetLabels, AreThoseOfTheConfiguration) {
  const LabelList given = {{"instance", "a:1"}, {"job", "b"}, {"cluster", "c"}};
  EXPECT_EQ(target_labels(given, "host1", {":10722"}), given);
}

TEST(TargetLabels, NameTheHostInAnyCase) {
  EXPECT_EQ(target_labels({}, "host1", {"[::1]:9999", ":10722"}),
            (LabelList{{"job", "ssh_keepalive"}, {"instance", "host1:9999"}}));
}

}  // namespace
}  // namespace ssh_keepalive::alertmanager
