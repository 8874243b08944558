#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "exporter/cli/sessions.h"
#include "tests/support.h"

namespace ssh_keepalive {
namespace {

sessions::Facts facts_of(std::string_view scenario) {
  const HostRoot root = *HostRoot::open(testing::fixture_host(scenario));
  const std::vector<std::uint16_t> ports = {22, 2222};
  sessions::Facts facts;
  sessions::collect(root, ports, sessions::exchange_for(root), nullptr, {},
                    facts);
  return facts;
}

std::string print(const sessions::Facts& facts,
                  const SessionsOptions& options = {}) {
  return sessions_text(options, facts);
}

nlohmann::json print_json(const sessions::Facts& facts) {
  return nlohmann::json::parse(print(facts, {.format = OutputFormat::kJson}));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

TEST(SessionsTable, PlainHost) {
  const std::vector<std::string> lines = lines_of(print(facts_of("plain")));
  ASSERT_EQ(lines.size(), 6U);
  EXPECT_EQ(lines[0],
            "ROLE    USER  TTY  PID  PEER                  LOCAL             "
            "STATE  KEEPALIVE  TIMER           SILENT<=  REFRESH");
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_NE(lines[i].find("probe in 1h58m"), std::string::npos);
  }
  EXPECT_EQ(lines[4], "");
  EXPECT_EQ(lines[5], "3 sessions (2 server, 1 client).");
}

TEST(SessionsTable, OrderedByRisk) {
  const std::vector<std::string> lines = lines_of(print(facts_of("busy")));
  ASSERT_EQ(lines.size(), 12U);
  const auto line_with = [&](std::string_view text) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].find(text) != std::string::npos) {
        return i;
      }
    }
    ADD_FAILURE() << text;
    return std::size_t{0};
  };
  EXPECT_LE(line_with("3 unanswered"), 2U);
  EXPECT_LE(line_with("resent 4x"), 2U);
  EXPECT_EQ(line_with("close-wait"), 3U);
  EXPECT_EQ(line_with("window full"), 4U);
  EXPECT_EQ(line_with(" off "), 5U);
  EXPECT_EQ(lines[11],
            "9 sessions (6 server, 3 client), of which 2 unanswered, 1 closed "
            "by the peer, 1 stuck, 1 without keepalive.");
}

TEST(SessionsTable, ColoursOnlyWhenAsked) {
  EXPECT_EQ(print(facts_of("busy")).find('\033'), std::string::npos);
  const std::vector<std::string> lines =
      lines_of(print(facts_of("busy"), {.layout = {.colour = true}}));
  EXPECT_EQ(lines[0].find('\033'), std::string::npos);
  EXPECT_TRUE(lines[1].starts_with("\033[31m"));
  EXPECT_TRUE(lines[1].ends_with("\033[0m"));
  EXPECT_EQ(lines[9].find('\033'), std::string::npos);
}

TEST(SessionsTable, ProcNetTcpIsNamed) {
  const std::string text = print(facts_of("proc_net_only"));
  EXPECT_NE(text.find("/proc/net/tcp"), std::string::npos);
}

TEST(SessionsTable, NoSessions) {
  sessions::Facts facts;
  facts.source = sessions::Source::kNetlink;
  EXPECT_EQ(print(facts),
            "No SSH connections. Nothing listens on a port of SSH.\n");
  facts.listening_ports = {22, 2222};
  EXPECT_EQ(print(facts),
            "No SSH connections. This host listens on port 22, 2222.\n");
}

TEST(SessionsTable, NothingIsKnown) {
  EXPECT_EQ(print(facts_of("no_sockets")),
            "Nothing is known of SSH connections: this host's sockets can not "
            "be read.\n");
}

TEST(SessionsJson, ShapeOfEverySession) {
  const nlohmann::json document = print_json(facts_of("busy"));
  EXPECT_EQ(document.at("version"), 1);
  ASSERT_EQ(document.at("sessions").size(), 9U);
  const std::vector<std::string> keys = {"id",
                                         "role",
                                         "phase",
                                         "netns",
                                         "local",
                                         "peer",
                                         "user",
                                         "tty",
                                         "pid",
                                         "process",
                                         "implementation",
                                         "state",
                                         "age_seconds",
                                         "wire_silence_at_most_seconds",
                                         "keepalive",
                                         "timer",
                                         "outdated",
                                         "observed_refresh",
                                         "refresh",
                                         "dead_peer",
                                         "fate"};
  for (const nlohmann::json& session : document["sessions"]) {
    EXPECT_EQ(session.size(), keys.size());
    for (const std::string& key : keys) {
      EXPECT_TRUE(session.contains(key)) << key;
    }
    EXPECT_EQ(session["netns"], "host");
    EXPECT_EQ(session["phase"], "unknown");
    EXPECT_TRUE(session["user"].is_null());
    EXPECT_TRUE(session["wire_silence_at_most_seconds"].is_number());
    EXPECT_EQ(session["refresh"]["kind"], "unknown");
    EXPECT_EQ(session["fate"]["kind"], "unknown");
  }
}

TEST(SessionsJson, Timers) {
  const nlohmann::json document = print_json(facts_of("busy"));
  for (const nlohmann::json& session : document["sessions"]) {
    const nlohmann::json& timer = session["timer"];
    if (timer["kind"] == "none") {
      EXPECT_EQ(session["keepalive"], "off");
      EXPECT_TRUE(timer["expires_seconds"].is_null());
    } else {
      EXPECT_GT(timer["expires_seconds"], 0);
      EXPECT_LT(timer["expires_seconds"], 7200);
    }
  }
}

TEST(SessionsJson, WhatLooksTell) {
  sessions::Facts facts;
  facts.sessions.resize(1);
  nlohmann::json session = print_json(facts).at("sessions").at(0);
  EXPECT_EQ(session["outdated"], nlohmann::json::array());
  EXPECT_TRUE(session["observed_refresh"].is_null());
  facts.sessions[0].outdated_sysctl = true;
  facts.sessions[0].observed_refresh = {
      .at_least = std::chrono::milliseconds(1900),
      .at_most = std::chrono::milliseconds(2100)};
  session = print_json(facts).at("sessions").at(0);
  EXPECT_EQ(session["outdated"], nlohmann::json({"sysctl"}));
  EXPECT_EQ(
      session["observed_refresh"],
      nlohmann::json({{"at_least_seconds", 1.9}, {"at_most_seconds", 2.1}}));
}

TEST(SessionsJson, OnOneLine) {
  const std::string text = print(
      facts_of("busy"), {.format = OutputFormat::kJson, .on_one_line = true});
  EXPECT_EQ(lines_of(text).size(), 1U);
  EXPECT_EQ(nlohmann::json::parse(text), print_json(facts_of("busy")));
}

TEST(SessionsJson, SilenceThatIsUnknownIsNull) {
  const nlohmann::json document = print_json(facts_of("proc_net_only"));
  for (const nlohmann::json& session : document["sessions"]) {
    EXPECT_TRUE(session["wire_silence_at_most_seconds"].is_null());
  }
}

TEST(SessionsJson, IdsAreUnique) {
  std::set<std::string> ids;
  const nlohmann::json document = print_json(facts_of("busy"));
  for (const nlohmann::json& session : document["sessions"]) {
    EXPECT_TRUE(ids.insert(session["id"]).second);
  }
}

TEST(SessionsJson, NoSessionsIsAnEmptyList) {
  EXPECT_TRUE(print_json(sessions::Facts()).at("sessions").empty());
}

}  // namespace
}  // namespace ssh_keepalive
