#include "exporter/cli/why.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "exporter/ends/end_json.h"
#include "tests/exporter/ends/example_end.h"
#include "tests/support.h"

namespace ssh_keepalive {
namespace {

using diagnosis::EndCause;
using diagnosis::SessionEnd;
using testing::at_second;
using testing::example_end;

constexpr const char* kFile = "/var/lib/x/ends.json";

class Why : public ::testing::Test {
 protected:
  Why() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    options_.state_file = kFile;
    options_.now = at_second(60);
    stored_.since = at_second(-60);
  }

  [[nodiscard]] HostRoot root() const {
    return *HostRoot::open(folder_.path().string());
  }

  [[nodiscard]] std::string text() const {
    folder_.write(kFile, stored_ends_text(stored_));
    const Result<std::string> answer = why(options_, root());
    EXPECT_TRUE(answer.ok()) << answer.error().message();
    return answer.ok() ? *answer : "";
  }

  [[nodiscard]] Error error() const { return why(options_, root()).error(); }

  testing::TemporaryDirectory folder_;
  WhyOptions options_;
  StoredEnds stored_;
};

TEST_F(Why, OneEndInWords) {
  stored_.ends = {example_end()};
  EXPECT_EQ(text(),
            "1 end since Sun 00:00: 1 retransmission_limit\n"
            "\n"
            "2026-02-01 00:00:00 (59s ago)  server  alice  198.51.100.7:50000"
            "  lasted 2h01m\n"
            "  retransmission_limit, by this end\n"
            "    data was sent again 15 times\n"
            "    no answer for 924 s\n"
            "  would have been prevented by: ClientAliveInterval 60\n");
}

TEST_F(Why, WhatIsUnknownIsLeftOut) {
  SessionEnd end;
  end.ended_at = at_second(0);
  end.netns = "web";
  end.peer = "[2001:db8::1]:50000";
  stored_.ends = {end};
  EXPECT_EQ(text(),
            "1 end since Sun 00:00: 1 unknown\n"
            "\n"
            "2026-02-01 00:00:00 (1m00s ago)  unknown  -  [2001:db8::1]:50000"
            "  in web\n"
            "  unknown\n");
}

TEST_F(Why, NewestFirstAndTheMostFrequentCauseFirst) {
  stored_.ends = {example_end(1), example_end(2), example_end(3)};
  stored_.ends[0].cause = EndCause::kClosed;
  stored_.ends[1].cause = EndCause::kReset;
  stored_.ends[2].cause = EndCause::kReset;
  const std::string shown = text();
  EXPECT_TRUE(shown.starts_with("3 ends since Sun 00:00: 2 reset, 1 closed\n"));
  EXPECT_LT(shown.find(":50003"), shown.find(":50002"));
  EXPECT_LT(shown.find(":50002"), shown.find(":50001"));
}

TEST_F(Why, OnlyTheLast) {
  stored_.ends = {example_end(1), example_end(2), example_end(3)};
  options_.last = 1;
  EXPECT_TRUE(text().starts_with("3 ends since"));
  EXPECT_EQ(text().find(":50002"), std::string::npos);
  EXPECT_TRUE(text().ends_with("\n... and 2 earlier (--last 0 shows all)\n"));
  options_.last = 0;
  EXPECT_NE(text().find(":50001"), std::string::npos);
}

TEST_F(Why, LongAgoIsADate) {
  stored_.ends = {example_end()};
  options_.now += std::chrono::days(30);
  EXPECT_TRUE(text().starts_with("1 end since 2026-02-01 00:00: "));
  options_.now = at_second(-60);
  EXPECT_NE(text().find("2026-02-01 00:00:00  server"), std::string::npos)
      << "yet to come";
}

TEST_F(Why, NoEnds) {
  EXPECT_EQ(text(), "no session has ended since Sat 23:59\n");
  options_.of = "bob";
  EXPECT_EQ(text(), "no session has ended since Sat 23:59\n");
  stored_.since.reset();
  EXPECT_EQ(text(), "no session has ended yet\n");
  stored_.ends = {example_end(1), example_end(2)};
  EXPECT_EQ(text(), "no end of bob among the last 2\n");
}

TEST_F(Why, ColoursAreForCausesAlone) {
  stored_.ends = {example_end(), example_end(), example_end()};
  stored_.ends[1].cause = EndCause::kIdleKill;
  stored_.ends[2].cause = EndCause::kClosed;
  EXPECT_EQ(text().find('\033'), std::string::npos);
  options_.colour = true;
  EXPECT_NE(text().find("\033[31mretransmission_limit\033[0m, by"),
            std::string::npos);
  EXPECT_NE(text().find("\033[33midle_kill\033[0m, by"), std::string::npos);
  EXPECT_NE(text().find("\n  closed, by"), std::string::npos);
}

TEST_F(Why, NothingInItSteersATerminal) {
  const std::string hostile = "\033[2J\n\u009b31m \u202e\x7f";
  SessionEnd end = example_end();
  end.user = end.peer = end.netns = end.advice = hostile;
  end.evidence = {hostile};
  stored_.ends = {end};
  for (const char c : text()) {
    EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << static_cast<int>(c);
  }
  options_.of = "\033[31m";
  EXPECT_EQ(text(), "no end of ?[31m among the last 1\n");
}

TEST_F(Why, Json) {
  options_.format = OutputFormat::kJson;
  EXPECT_EQ(nlohmann::json::parse(text()),
            nlohmann::json::parse(R"({"version":1,"ends":[]})"));
  stored_.ends = {example_end(1), example_end(2)};
  options_.last = 1;
  const nlohmann::json document = nlohmann::json::parse(text());
  ASSERT_EQ(document.at("ends").size(), 2U) << "of the text alone";
  EXPECT_EQ(document["ends"][0], nlohmann::json(end_json(example_end(2))));
}

TEST_F(Why, Errors) {
  EXPECT_EQ(error().kind, ErrorKind::kAbsent);
  EXPECT_NE(error().message().find(folder_.path().string() + kFile),
            std::string::npos);
  EXPECT_NE(error().message().find("`serve` writes it"), std::string::npos);
  folder_.write(kFile, "{");
  EXPECT_EQ(error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(error().message(),
            "read " + folder_.path().string() + kFile + ": not JSON");
  options_.state_file = "";
  EXPECT_EQ(error().kind, ErrorKind::kAbsent);
}

TEST(IsEndOf, UserOrPeer) {
  SessionEnd end = example_end();
  for (const char* const text :
       {"alice", "198.51.100.7", "198.51.100.7:50000"}) {
    EXPECT_TRUE(is_end_of(end, text)) << text;
  }
  for (const char* const text :
       {"ali", "Alice", "198.51.100.70", "198.51.100.7:5000", "198.51.100",
        "198.51.100.7:x", ":50000", "server", "host"}) {
    EXPECT_FALSE(is_end_of(end, text)) << text;
  }
  end.peer = "[2001:db8::1]:50000";
  for (const char* const text : {"2001:db8::1", "[2001:db8::1]",
                                 "[2001:db8::1]:50000", "2001:0DB8:0::1"}) {
    EXPECT_TRUE(is_end_of(end, text)) << text;
  }
  for (const char* const text : {"2001:db8::2", "[2001:db8::1]:22", "::1"}) {
    EXPECT_FALSE(is_end_of(end, text)) << text;
  }
  end.peer = "";
  EXPECT_FALSE(is_end_of(end, "198.51.100.7"));
}

}  // namespace
}  // namespace ssh_keepalive
