#include "exporter/command_line.h"

#include <gtest/gtest.h>

#include <sstream>

#include "tests/support.h"

namespace ssh_keepalive {
namespace {

struct Parsed {
  std::variant<CommandLine, ExitCode> result;
  std::string out;
  std::string err;

  const CommandLine& line() const { return std::get<CommandLine>(result); }
  ExitCode code() const { return std::get<ExitCode>(result); }
};

Parsed parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "ssh_keepalive_exporter");
  std::ostringstream out;
  std::ostringstream err;
  auto result = parse_command_line(static_cast<int>(arguments.size()),
                                   arguments.data(), out, err);
  return {std::move(result), out.str(), err.str()};
}

TEST(CommandLine, ServesByDefault) {
  EXPECT_EQ(parse({}).line().command, Command::kServe);
  EXPECT_EQ(parse({"serve"}).line().command, Command::kServe);
  EXPECT_EQ(parse({"--web.max-requests", "3"}).line().max_requests, 3);
  EXPECT_EQ(parse({"serve", "--web.max-requests=3"}).line().max_requests, 3);
}

TEST(CommandLine, Commands) {
  EXPECT_EQ(parse({"metrics"}).line().command, Command::kMetrics);
  EXPECT_EQ(parse({"sessions"}).line().command, Command::kSessions);
  EXPECT_EQ(parse({"explain", "sshd"}).line().command, Command::kExplainSshd);
  EXPECT_EQ(parse({"explain", "tcp"}).line().command, Command::kExplainTcp);
  const Parsed ssh = parse({"explain", "ssh", "host", "--user", "u"});
  EXPECT_EQ(ssh.line().command, Command::kExplainSsh);
  EXPECT_EQ(ssh.line().explain_host, "host");
  EXPECT_EQ(ssh.line().explain_user, "u");
}

TEST(CommandLine, WhyOfWhomAndHowMany) {
  const Parsed bare = parse({"why"});
  EXPECT_EQ(bare.line().command, Command::kWhy);
  EXPECT_EQ(bare.line().why_of, "");
  EXPECT_EQ(bare.line().why_last, 20);
  const Parsed of = parse({"why", "[::1]:22", "--last", "0"});
  EXPECT_EQ(of.line().why_of, "[::1]:22");
  EXPECT_EQ(of.line().why_last, 0);
  for (const std::vector<const char*>& wrong :
       std::vector<std::vector<const char*>>{{"why", ""},
                                             {"why", "a", "b"},
                                             {"why", "--last=x"},
                                             {"why", "--last=-1"},
                                             {"why", "--format=openssh"}}) {
    EXPECT_EQ(parse(wrong).code(), ExitCode::kUsage) << wrong.back();
  }
}

TEST(CommandLine, WatchWithAndWithoutSeconds) {
  using std::chrono::milliseconds;
  EXPECT_EQ(parse({"sessions"}).line().watch_interval, std::nullopt);
  EXPECT_EQ(parse({"sessions", "--watch"}).line().watch_interval,
            milliseconds(2000));
  EXPECT_EQ(parse({"sessions", "--watch=0.5"}).line().watch_interval,
            milliseconds(500));
  const Parsed both = parse({"sessions", "--watch", "--format", "json"});
  EXPECT_EQ(both.line().watch_interval, milliseconds(2000));
  EXPECT_EQ(both.line().format, OutputFormat::kJson);
}

TEST(CommandLine, CommonOptionsOnEitherSideOfTheCommand) {
  EXPECT_EQ(parse({"--root", "/x", "metrics"}).line().root, "/x");
  EXPECT_EQ(parse({"metrics", "--root", "/x"}).line().root, "/x");
}

TEST(CommandLine, ListenAddressRepeats) {
  EXPECT_EQ(parse({"--web.listen-address", ":1", "--web.listen-address", ":2"})
                .line()
                .listen_addresses,
            (std::vector<std::string>{":1", ":2"}));
}

TEST(CommandLine, HelpAndVersionAreNoErrors) {
  for (const char* flag : {"--help", "--version"}) {
    const Parsed parsed = parse({flag});
    EXPECT_EQ(parsed.code(), ExitCode::kOk);
    EXPECT_FALSE(parsed.out.empty());
    EXPECT_TRUE(parsed.err.empty());
  }
  EXPECT_NE(parse({"explain", "ssh", "--help"}).out.find("HOST"),
            std::string::npos);
}

TEST(CommandLine, MistakesAreOneLineAndSixtyFour) {
  const std::vector<std::vector<const char*>> mistakes = {
      {"nope"},
      {"--nope"},
      {"--web.max-requests"},
      {"--web.max-requests", "0"},
      {"--web.max-requests", "many"},
      {"--web.listen-address", "nowhere"},
      {"--web.telemetry-path", "/"},
      {"--log.level", "loud"},
      {"metrics", "--web.max-requests", "3"},
      {"--web.max-requests", "3", "metrics"},
      {"--config.check", "metrics"},
      {"explain"},
      {"explain", "nope"},
      {"explain", "ssh"},
      {"explain", "tcp", "--format", "openssh"},
      {"sessions", "--format", "xml"},
      {"metrics", "sessions"},
      {"sessions", "extra"},
      {"sessions", "--watch=0"},
      {"sessions", "--watch=", ""},
      {"sessions", "--watch=nan"},
      {"sessions", "--watch=1", "--watch=2"},
      {"metrics", "--watch"},
  };
  for (const auto& mistake : mistakes) {
    const Parsed parsed = parse(mistake);
    ASSERT_TRUE(std::holds_alternative<ExitCode>(parsed.result))
        << mistake.back();
    EXPECT_EQ(parsed.code(), ExitCode::kUsage) << mistake.back();
    EXPECT_TRUE(parsed.out.empty()) << mistake.back();
    EXPECT_EQ(std::count(parsed.err.begin(), parsed.err.end(), '\n'), 1)
        << parsed.err;
  }
}

TEST(MakeSettings, FlagThenFileThenDefault) {
  const testing::TemporaryDirectory directory;
  directory.write("c.ini", "[web]\nmax_requests = 7\ntelemetry_path = /m\n");
  const std::string file = (directory.path() / "c.ini").string();
  const Parsed parsed =
      parse({"--config.file", file.c_str(), "--web.telemetry-path", "/flag"});
  const Result<Settings> settings = make_settings(parsed.line());
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->web.telemetry_path, "/flag");
  EXPECT_EQ(settings->web.max_requests, 7);
  EXPECT_EQ(settings->log.format, LogFormat::kLogfmt);
}

TEST(MakeSettings, StateFileIsBelowTheFirstStateDirectory) {
  const auto state_file = [](const char* state_directory) {
    ::setenv("STATE_DIRECTORY", state_directory, 1);
    const std::string file = make_settings(CommandLine())->ends.state_file;
    ::unsetenv("STATE_DIRECTORY");
    return file;
  };
  const std::string usual = make_settings(CommandLine())->ends.state_file;
  EXPECT_EQ(usual, "/var/lib/ssh_keepalive_exporter/ends.json");
  EXPECT_EQ(state_file("/var/lib/x"), "/var/lib/x/ends.json");
  EXPECT_EQ(state_file("/a:/b"), "/a/ends.json");
  EXPECT_EQ(state_file(""), usual);
  EXPECT_EQ(state_file("relative"), usual);
}

TEST(MakeSettings, CollectorFlags) {
  const auto enabled = [](std::vector<const char*> arguments) {
    return make_settings(parse(std::move(arguments)).line())
        ->collectors.enabled.at(0);
  };
  EXPECT_TRUE(enabled({}));
  EXPECT_FALSE(enabled({"--no-collector.sysctl"}));
  EXPECT_FALSE(enabled({"--collector.disable-defaults"}));
  EXPECT_TRUE(enabled({"--collector.disable-defaults", "--collector.sysctl"}));
}

TEST(MakeSettings, MissingFileIsAbsent) {
  EXPECT_EQ(
      make_settings(parse({"--config.file", "/no/such"}).line()).error().kind,
      ErrorKind::kAbsent);
}

}  // namespace
}  // namespace ssh_keepalive
