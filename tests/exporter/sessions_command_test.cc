#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "exporter/cli/sessions.h"
#include "exporter/policy.h"
#include "tests/support.h"

namespace ssh_keepalive {
namespace {

Facts facts_of(std::string_view scenario) {
  const CollectorInput input{*HostRoot::open(testing::fixture_host(scenario)),
                             {.session_ports = {22, 2222}}};
  Facts facts;
  collect_sysctl(input, facts);
  collect_sessions(input, facts);
  return facts;
}

Facts no_sessions() {
  Facts facts;
  facts.sessions.emplace().source = sessions::Source::kNetlink;
  return facts;
}

std::string print(const Facts& facts, const SessionsOptions& options = {}) {
  const diagnosis::Policy policy{
      .path = {.idle_timeout = diagnosis::Seconds(300)},
      .path_source = diagnosis::PathSource::kConfigured};
  return sessions_text(options, facts, diagnosis::diagnose(facts, policy));
}

nlohmann::json print_json(const Facts& facts) {
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
            "STATE  KEEPALIVE  TIMER           SILENT<=  REFRESH      "
            "DEAD PEER    FATE");
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_NE(lines[i].find("probe in 1h58m"), std::string::npos);
  }
  EXPECT_EQ(lines[4], "");
  EXPECT_EQ(
      lines[5],
      "3 sessions (2 server, 1 client), of which 2 lost by the path, 1 of "
      "unknown fate.");
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
  EXPECT_EQ(line_with(" off "), 6U);
  EXPECT_EQ(lines[11],
            "9 sessions (6 server, 3 client), of which 2 unanswered, 1 closed "
            "by the peer, 1 stuck, 2 lost by the path, 2 of unknown fate.");
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
  Facts facts = no_sessions();
  EXPECT_EQ(print(facts),
            "No SSH connections. Nothing listens on a port of SSH.\n");
  facts.sessions->listening_ports = {22, 2222};
  EXPECT_EQ(print(facts),
            "No SSH connections. This host listens on port 22, 2222.\n");
}

TEST(SessionsTable, GuessOfThePathIsTold) {
  const Facts facts = facts_of("plain");
  const std::string text = sessions_text(
      {}, facts, diagnosis::diagnose(facts, policy_of({}, facts)));
  EXPECT_NE(text.find("300 s of silence is assumed: [policy]"),
            std::string::npos);
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
    for (const std::string time : {"refresh", "dead_peer"}) {
      const nlohmann::json& value = session[time];
      EXPECT_TRUE(value.contains("by") && value.contains("source"));
      EXPECT_EQ(value["kind"] == "known", value.contains("earliest_seconds"));
      EXPECT_EQ(value["kind"] == "known", value.contains("latest_seconds"));
    }
    EXPECT_TRUE(session["fate"].contains("by"));
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

TEST(SessionsJson, Verdicts) {
  const nlohmann::json document = print_json(facts_of("busy"));
  std::map<std::string, int> fates;
  for (const nlohmann::json& session : document["sessions"]) {
    const nlohmann::json& fate = session["fate"];
    ++fates[fate["kind"]];
    if (fate["kind"] == "dying") {
      EXPECT_LT(fate["earliest_seconds"], fate["latest_seconds"]);
      EXPECT_TRUE(fate["by"].is_string());
    }
    if (session["keepalive"] == "on" && session["role"] == "server" &&
        session["dead_peer"]["kind"] == "known") {
      EXPECT_EQ(session["dead_peer"]["by"], "tcp_keepalive");
      EXPECT_GE(session["dead_peer"]["earliest_seconds"], 7875);
    }
  }
  EXPECT_EQ(fates["dying"], 2);
  EXPECT_EQ(fates["lost_by_path"], 2);
  EXPECT_EQ(fates["intact"], 1);
}

TEST(SessionsJson, SourceIsTheLine) {
  const nlohmann::json document = print_json(facts_of("article"));
  for (const nlohmann::json& session : document["sessions"]) {
    if (session["role"] == "server") {
      const nlohmann::json& refresh = session["refresh"];
      EXPECT_EQ(refresh["by"], "client_alive");
      EXPECT_EQ(refresh["earliest_seconds"], 120);
      EXPECT_EQ(refresh["latest_seconds"], 240);
      EXPECT_EQ(refresh["source"]["file"], "/etc/ssh/sshd_config");
      EXPECT_GT(refresh["source"]["line"], 0);
    }
  }
}

TEST(SessionsJson, WhatLooksTell) {
  Facts facts = no_sessions();
  facts.sessions->sessions.resize(1);
  nlohmann::json session = print_json(facts).at("sessions").at(0);
  EXPECT_EQ(session["outdated"], nlohmann::json::array());
  EXPECT_TRUE(session["observed_refresh"].is_null());
  facts.sessions->sessions[0].outdated_sysctl = true;
  facts.sessions->sessions[0].observed_refresh = {
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
  EXPECT_TRUE(print_json(no_sessions()).at("sessions").empty());
}

}  // namespace
}  // namespace ssh_keepalive
