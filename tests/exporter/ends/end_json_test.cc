#include "exporter/ends/end_json.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "tests/exporter/ends/example_end.h"

namespace ssh_keepalive {
namespace {

using testing::example_end;

StoredEnds example() {
  diagnosis::SessionEnd bare;
  bare.netns = "host";
  bare.local = "[::1]:22";
  bare.peer = "[::1]:50000";
  return {.since = testing::at_second(-5),
          .ends = {bare, example_end()},
          .paths = {{"host",
                     {.longest_survived = std::chrono::duration<double>(239.5),
                      .shortest_lost = std::chrono::duration<double>(301)}},
                    {"web", {}}}};
}

std::string failure(std::string_view text) {
  const Result<StoredEnds> parsed = parse_stored_ends(text);
  EXPECT_TRUE(parsed.ok() || parsed.error().kind == ErrorKind::kInvalid);
  return parsed.ok() ? "" : parsed.error().reason;
}

// Of a good file with one member of its end replaced; nothing: left out.
std::string failure_with(const std::string& key,
                         const std::optional<nlohmann::json>& value) {
  nlohmann::json document = nlohmann::json::parse(
      stored_ends_text({.since = {}, .ends = {example_end()}, .paths = {}}));
  nlohmann::json& end = document["ends"][0];
  end.erase(key);
  if (value) {
    end[key] = *value;
  }
  return failure(document.dump());
}

TEST(EndJson, ComesBackAsItWas) {
  const Result<StoredEnds> parsed =
      parse_stored_ends(stored_ends_text(example()));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message();
  EXPECT_EQ(*parsed, example());
}

TEST(EndJson, EveryCauseRoleAndCloserComesBack) {
  StoredEnds stored;
  for (const diagnosis::EndCause cause : diagnosis::kEndCauses) {
    stored.ends.push_back(example_end());
    stored.ends.back().cause = cause;
  }
  for (const sessions::Role role :
       {sessions::Role::kServer, sessions::Role::kClient,
        sessions::Role::kForwarded, sessions::Role::kUnknown}) {
    stored.ends.push_back(example_end());
    stored.ends.back().role = role;
    stored.ends.back().closed_by = diagnosis::ClosedBy::kPeer;
  }
  EXPECT_EQ(*parse_stored_ends(stored_ends_text(stored)), stored);
}

TEST(EndJson, UnknownIsNull) {
  const nlohmann::ordered_json json = end_json({});
  for (const char* const key :
       {"user", "tty", "pid", "lasted_seconds", "closed_by", "advice"}) {
    EXPECT_TRUE(json.at(key).is_null()) << key;
  }
  EXPECT_EQ(json.at("cause"), "unknown");
  EXPECT_EQ(json.size(), 13U);
  EXPECT_EQ(end_json(example_end()).at("ended_at"), 1'769'904'000.125);
}

TEST(EndJson, MembersThatItDoesNotKnowDoNotMatter) {
  nlohmann::json document = nlohmann::json::parse(stored_ends_text(example()));
  document["later"] = {1, 2};
  document["ends"][1]["later"] = {{"x", nullptr}};
  document["paths"]["host"]["later"] = "x";
  EXPECT_EQ(*parse_stored_ends(document.dump()), example());
}

TEST(EndJson, CutAnywhereItIsRefused) {
  const std::string text = stored_ends_text(example());
  for (std::size_t size = 0; size + 1 < text.size(); ++size) {
    EXPECT_EQ(failure(text.substr(0, size)), "not JSON") << size;
  }
  EXPECT_EQ(failure(text.substr(0, text.size() - 1)), "") << "the line break";
}

TEST(EndJson, WhatIsNoSuchDocument) {
  for (const std::string_view text :
       {"", " ", "\xff\xfe", "nonsense", "{\"version\":1e999}", "{} {}"}) {
    EXPECT_EQ(failure(text), "not JSON") << text;
  }
  for (const std::string_view text : {"null", "1", "\"text\"", "[]"}) {
    EXPECT_EQ(failure(text), "not an object") << text;
  }
  EXPECT_EQ(failure("{}"), "version: expected 1");
  EXPECT_EQ(failure(R"({"version":2,"ends":[]})"), "version: expected 1");
  EXPECT_EQ(failure(R"({"version":"1","ends":[]})"), "version: expected 1");
  EXPECT_EQ(failure(R"({"version":1})"), "ends: expected a list");
  EXPECT_EQ(failure(R"({"version":1,"ends":{}})"), "ends: expected a list");
  EXPECT_EQ(failure(R"({"version":1,"ends":[7]})"),
            "ends[0]: expected an object");
  EXPECT_EQ(failure(R"({"version":1,"ends":[],"paths":[]})"),
            "paths: expected an object");
  EXPECT_EQ(failure(R"({"version":1,"ends":[],"paths":{"host":1}})"),
            "paths: expected an object");
  EXPECT_EQ(failure(R"({"version":1,"ends":[]})"), "");
}

TEST(EndJson, WrongTypes) {
  for (const char* const key : {"role", "netns", "local", "peer", "cause"}) {
    const std::string expected = std::string("ends[0].") + key + ": expected ";
    EXPECT_EQ(failure_with(key, std::nullopt), expected + "a text");
    EXPECT_EQ(failure_with(key, nullptr), expected + "a text");
    EXPECT_EQ(failure_with(key, 1), expected + "a text");
  }
  for (const char* const key : {"user", "tty", "advice"}) {
    EXPECT_EQ(failure_with(key, std::nullopt), "");
    EXPECT_EQ(failure_with(key, nullptr), "");
    EXPECT_NE(failure_with(key, 1), "");
  }
  EXPECT_EQ(failure_with("evidence", "text"),
            "ends[0].evidence: expected a list of texts");
  EXPECT_EQ(failure_with("evidence", nlohmann::json::array({1})),
            "ends[0].evidence: expected a text");
  EXPECT_EQ(failure_with("ended_at", std::nullopt),
            "ends[0].ended_at: expected a time");
}

TEST(EndJson, ImpossibleValues) {
  for (const char* const key : {"role", "cause", "closed_by"}) {
    EXPECT_EQ(
        failure_with(key, "nonsense"),
        std::string("ends[0].") + key + ": expected one of the known names");
  }
  for (const nlohmann::json& value :
       std::vector<nlohmann::json>{-1, 1e300, 9.1e9, "1", true,
                                   std::numeric_limits<std::uint64_t>::max()}) {
    EXPECT_NE(failure_with("ended_at", value), "") << value;
    EXPECT_NE(failure_with("pid", value), "") << value;
  }
  EXPECT_NE(failure_with("pid", 0), "");
  EXPECT_NE(failure_with("lasted_seconds", -1), "");
  EXPECT_NE(failure_with("lasted_seconds", 1e18), "");
  EXPECT_EQ(failure_with("lasted_seconds", 0), "");
}

TEST(EndJson, DeepAndWideDocumentsAreRefused) {
  const std::string too_large = "too many values, or nested too deeply";
  constexpr std::size_t kMany = 4'000'000;
  EXPECT_EQ(failure(std::string(kMany, '[')), too_large);
  EXPECT_EQ(
      failure("{\"x\":" + std::string(100, '[') + std::string(100, ']') + "}"),
      too_large);
  std::string wide = "[1";
  for (std::size_t i = 0; i < kMany; ++i) {
    wide += ",1";
  }
  EXPECT_EQ(failure(wide + "]"), too_large);
  EXPECT_EQ(failure(R"({"version":1,"ends":[],"x":"[[[[\"[[[[{{{{,,,"})"), "");
}

TEST(EndJson, BytesThatAreNoUtf8AreReplaced) {
  StoredEnds stored = example();
  stored.ends[1].user = "\xff\xc3";
  stored.paths["\xfe"] = {};
  const Result<StoredEnds> parsed = parse_stored_ends(stored_ends_text(stored));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message();
  EXPECT_EQ(parsed->ends[1].user.substr(0, 3), "\xef\xbf\xbd");
}

TEST(EndJson, WhatIsWrittenCanBeRead) {
  StoredEnds stored = example();
  const double infinite = std::numeric_limits<double>::infinity();
  stored.since = std::chrono::system_clock::time_point::max();
  stored.ends[0].ended_at = std::chrono::system_clock::time_point::min();
  stored.ends[0].lasted = std::chrono::seconds::max();
  stored.ends[1].lasted = std::chrono::seconds(-1);
  stored.ends[1].pid = -1;
  stored.paths["web"] = {
      .longest_survived = std::chrono::duration<double>(infinite),
      .shortest_lost = std::chrono::duration<double>(-1)};
  EXPECT_EQ(failure(stored_ends_text(stored)), "");
}

TEST(EndJson, FlippedBytesNeverCrash) {
  const std::string good = stored_ends_text(example());
  std::mt19937 random(1);
  for (int round = 0; round < 20'000; ++round) {
    std::string text = good;
    for (std::size_t i = 1 + random() % 4; i > 0; --i) {
      text[random() % text.size()] = static_cast<char>(random());
    }
    static_cast<void>(failure(text));
  }
}

}  // namespace
}  // namespace ssh_keepalive
