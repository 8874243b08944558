#include "exporter/log.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "exporter/failure_log.h"
#include "tests/support.h"

namespace ssh_keepalive {
namespace {

using testing::count_of;

std::string line(LogFormat format, const std::string& value) {
  return format_log_line(format, "T", LogLevel::kWarn, "a message",
                         {{"key", value}});
}

TEST(LogLine, Logfmt) {
  EXPECT_EQ(line(LogFormat::kLogfmt, "word"),
            "ts=T level=warn msg=\"a message\" key=word");
  EXPECT_EQ(line(LogFormat::kLogfmt, "two words"),
            "ts=T level=warn msg=\"a message\" key=\"two words\"");
  EXPECT_EQ(line(LogFormat::kLogfmt, ""),
            "ts=T level=warn msg=\"a message\" key=\"\"");
}

TEST(LogLine, OneLineWhateverIsInIt) {
  for (const LogFormat format : {LogFormat::kLogfmt, LogFormat::kJson}) {
    const std::string text = line(format, "a\nb\r\"\\\x01\xff\xc3");
    EXPECT_EQ(text.find('\n'), std::string::npos);
    EXPECT_EQ(text.find('\x01'), std::string::npos);
    EXPECT_EQ(text.find('\xff'), std::string::npos);
  }
}

TEST(LogLine, JsonIsJson) {
  const auto parsed =
      nlohmann::json::parse(line(LogFormat::kJson, "a \"b\"\n\xff"));
  EXPECT_EQ(parsed.at("level"), "warn");
  EXPECT_EQ(parsed.at("msg"), "a message");
  EXPECT_EQ(parsed.at("key"), "a \"b\"\n\xef\xbf\xbd");
}

TEST(LogNames, AreThoseOfTheFlags) {
  EXPECT_EQ(parse_log_level("error"), LogLevel::kError);
  EXPECT_EQ(parse_log_level("ERROR"), std::nullopt);
  EXPECT_EQ(parse_log_format("json"), LogFormat::kJson);
  EXPECT_EQ(parse_log_format(""), std::nullopt);
}

TEST(FailureLog, EachFailureOnceAndItsEndOnce) {
  ::testing::internal::CaptureStderr();
  Log log;
  FailureLog failures(log, "collector");
  failures.report("sysctl", {"a"});
  failures.report("sysctl", {"a"});
  failures.report("sysctl", {"a", "b"});
  failures.report("sysctl", {"b"});
  failures.report("sysctl", {});
  failures.report("sysctl", {});
  failures.report("sysctl", {"a"});
  const std::string text = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(count_of(text, "level=warn"), 3U) << text;
  EXPECT_EQ(count_of(text, "level=info"), 2U) << text;
}

}  // namespace
}  // namespace ssh_keepalive
