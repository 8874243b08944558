#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "collectors/base/unique_fd.h"
#include "exporter/cli/sessions.h"
#include "tests/support.h"

namespace ssh_keepalive {
namespace {

sessions::Facts facts_of(std::string_view scenario) {
  const HostRoot root = *HostRoot::open(testing::fixture_host(scenario));
  const std::vector<std::uint16_t> ports = {22, 2222};
  sessions::Facts facts;
  sessions::collect(root, ports, sessions::exchange_for(root), nullptr, facts);
  return facts;
}

std::string print(const sessions::Facts& facts,
                  const SessionsOptions& options = {}) {
  std::ostringstream out;
  print_sessions(options, facts, out);
  return out.str();
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
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0],
            "ROLE    PEER                  LOCAL             STATE        "
            "KEEPALIVE  TIMER                     SILENT AT MOST");
  for (std::size_t i = 1; i < lines.size(); ++i) {
    EXPECT_NE(lines[i].find("probe in 1 h 58 min"), std::string::npos);
  }
}

TEST(SessionsTable, OrderedByRisk) {
  const std::vector<std::string> lines = lines_of(print(facts_of("busy")));
  ASSERT_EQ(lines.size(), 10U);
  const auto line_with = [&](std::string_view text) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].find(text) != std::string::npos) {
        return i;
      }
    }
    ADD_FAILURE() << text;
    return std::size_t{0};
  };
  EXPECT_LE(line_with("3 probes unanswered"), 2U);
  EXPECT_LE(line_with("sent again 4 times"), 2U);
  EXPECT_EQ(line_with("close-wait"), 3U);
  EXPECT_EQ(line_with("peer takes no data"), 4U);
  EXPECT_EQ(line_with(" off "), 5U);
}

TEST(SessionsTable, ColoursOnlyWhenAsked) {
  EXPECT_EQ(print(facts_of("busy")).find('\033'), std::string::npos);
  const std::vector<std::string> lines =
      lines_of(print(facts_of("busy"), {.colour = true}));
  EXPECT_EQ(lines[0].find('\033'), std::string::npos);
  EXPECT_TRUE(lines[1].starts_with("\033[31m"));
  EXPECT_TRUE(lines[1].ends_with("\033[0m"));
  EXPECT_EQ(lines[9].find('\033'), std::string::npos);
}

TEST(SessionsTable, ProcNetTcpIsNamed) {
  const std::string text = print(facts_of("proc_net_only"));
  EXPECT_NE(text.find("unknown"), std::string::npos);
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

TEST(WantsColour, OnlyOnATerminalAndWithoutNoColor) {
  const UniqueFd terminal(::posix_openpt(O_RDWR | O_NOCTTY));
  ASSERT_TRUE(terminal.valid());
  const UniqueFd file(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  ::setenv("TERM", "xterm", 1);
  ::unsetenv("NO_COLOR");
  EXPECT_TRUE(wants_colour(terminal.get()));
  EXPECT_FALSE(wants_colour(file.get()));
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(wants_colour(terminal.get()));
  ::setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(wants_colour(terminal.get()));
  ::setenv("TERM", "dumb", 1);
  EXPECT_FALSE(wants_colour(terminal.get()));
}

}  // namespace
}  // namespace ssh_keepalive
