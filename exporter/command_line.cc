#include "exporter/command_line.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <ostream>
#include <utility>

#include "exporter/build_info.h"
#include "exporter/configuration_values.h"

namespace ssh_keepalive {
namespace {

constexpr const char* kWebGroup = "HTTP";
constexpr const char* kCollectorGroup = "Collectors";
constexpr const char* kCommonGroup = "Common";

// A CLI11 check out of one of the configuration file's value parsers, so that
// a flag and its key take the same values.
template <typename Parse>
CLI::Validator check_with(Parse parse) {
  return {[parse](std::string& text) {
            const auto parsed = parse(text);
            return parsed.ok() ? std::string() : parsed.error().reason;
          },
          ""};
}

void add_common_options(CLI::App& app, CommandLine& line) {
  app.add_option("--root", line.root,
                 "look at the host whose root directory is DIR")
      ->option_text("DIR")
      ->group(kCommonGroup);
  app.add_option("--config.file", line.configuration_file,
                 "read this configuration file")
      ->option_text("FILE")
      ->group(kCommonGroup);
  app.add_option_function<std::string>(
         "--log.level",
         [&line](const std::string& text) {
           line.log_level = parse_log_level(text);
         },
         "debug, info, warn or error [info]")
      ->option_text("LEVEL")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->group(kCommonGroup);
  app.add_option_function<std::string>(
         "--log.format",
         [&line](const std::string& text) {
           line.log_format = parse_log_format(text);
         },
         "logfmt or json [logfmt]")
      ->option_text("FORMAT")
      ->check(CLI::IsMember({"logfmt", "json"}))
      ->group(kCommonGroup);
}

void add_collector_options(CLI::App& app, CommandLine& line) {
  for (std::size_t i = 0; i < kCollectors.size(); ++i) {
    const std::string name(kCollectors.at(i).name);
    app.add_flag_callback(
           "--collector." + name, [&line, i] { line.collectors.at(i) = true; },
           "collect " + std::string(kCollectors.at(i).help) + " [on]")
        ->group(kCollectorGroup);
    app.add_flag_callback(
           "--no-collector." + name,
           [&line, i] { line.collectors.at(i) = false; }, "do not")
        ->group(kCollectorGroup);
  }
  app.add_flag("--collector.disable-defaults", line.disable_default_collectors,
               "run only collectors that a flag names")
      ->group(kCollectorGroup);
}

void add_web_options(CLI::App& app, CommandLine& line) {
  app.add_option("--web.listen-address", line.listen_addresses,
                 "serve HTTP there; repeatable [:10722]")
      ->option_text("HOST:PORT")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->check(check_with(parse_listen_address))
      ->group(kWebGroup);
  app.add_option("--web.telemetry-path", line.telemetry_path,
                 "serve metrics under this path [/metrics]")
      ->option_text("PATH")
      ->check(check_with(parse_telemetry_path))
      ->group(kWebGroup);
  app.add_option("--web.max-requests", line.max_requests,
                 "answer that many scrapes at once [40]")
      ->option_text("N")
      ->check(check_with([](const std::string& text) {
        return parse_bounded(text, 1, kMaxRequestsLimit);
      }))
      ->group(kWebGroup);
  app.add_flag("--web.disable-exporter-metrics", line.disable_exporter_metrics,
               "leave out the metrics process_*")
      ->group(kWebGroup);
  app.add_flag("--web.enable-lifecycle", line.enable_lifecycle,
               "allow POST /-/reload")
      ->group(kWebGroup);
  app.add_flag("--config.check", line.check_configuration_only,
               "check the configuration and exit")
      ->group(kCommonGroup);
}

void add_format_option(CLI::App& app, CommandLine& line, bool with_openssh) {
  std::vector<std::pair<std::string, OutputFormat>> formats = {
      {"text", OutputFormat::kText}, {"json", OutputFormat::kJson}};
  if (with_openssh) {
    formats.emplace_back("openssh", OutputFormat::kOpenSsh);
  }
  app.add_option(
         "--format", line.format,
         with_openssh ? "text, json or openssh [text]" : "text or json [text]")
      ->option_text("FORMAT")
      ->transform(CLI::CheckedTransformer(formats));
}

CLI::App& add_command(CLI::App& app, CommandLine& line, const char* name,
                      const char* help, Command command) {
  CLI::App& added = *app.add_subcommand(name, help);
  added.set_help_flag("-h,--help", "print this help and exit");
  // The flags' values are complete by now, whichever command they belong to.
  added.parse_complete_callback([&line, command] { line.command = command; });
  return added;
}

void add_sessions_command(CLI::App& app, CommandLine& line) {
  CLI::App& sessions = add_command(app, line, "sessions", "live SSH sessions",
                                   Command::kSessions);
  sessions
      .add_option_function<std::string>(
          "--watch",
          [&line](const std::string& text) {
            const auto interval = parse_watch_interval(text);
            // CLI11 has not checked a second value that is empty.
            if (!interval.ok()) {
              throw CLI::ValidationError("--watch", interval.error().reason);
            }
            line.watch_interval = *interval;
          },
          "show them again and again, every so many seconds [2]")
      ->option_text("[SECONDS]")
      ->expected(0, 1)
      ->default_str("2")
      ->check(check_with(parse_watch_interval));
  add_format_option(sessions, line, false);
  add_common_options(sessions, line);
}

void add_why_command(CLI::App& app, CommandLine& line) {
  CLI::App& why = add_command(app, line, "why", "what ended the last sessions",
                              Command::kWhy);
  why.add_option("of", line.why_of, "those of this user or peer alone")
      ->option_text("USER|PEER")
      ->check(check_with(parse_word));
  why.add_option("--last", line.why_last,
                 "how many the text shows, 0 for all [20]")
      ->option_text("N")
      ->check(check_with([](const std::string& text) {
        return parse_bounded(text, 0, 10'000);
      }));
  add_format_option(why, line, false);
  add_common_options(why, line);
}

void add_check_command(CLI::App& app, CommandLine& line) {
  CLI::App& check =
      add_command(app, line, "check",
                  "one look at this host: verdict, findings with remedies",
                  Command::kCheck);
  check
      .add_option(
          "--what-if", line.what_if,
          "say what a line of sshd_config, ssh_config or sysctl.d would "
          "change")
      ->option_text("LINE");
  add_format_option(check, line, false);
  add_common_options(check, line);
  add_collector_options(check, line);
}

void add_explain_options(CLI::App& app, CommandLine& line) {
  app.add_option("--file,-f", line.explain_file, "read this file instead")
      ->option_text("FILE");
  app.add_option("--openssh-version", line.openssh_version,
                 "follow this version's rules, like 9.2p1")
      ->option_text("VERSION");
  add_format_option(app, line, true);
  add_common_options(app, line);
}

void add_explain_command(CLI::App& app, CommandLine& line) {
  CLI::App& explain = *app.add_subcommand(
      "explain", "say which value applies, and which line decided");
  explain.set_help_flag("-h,--help", "print this help and exit");
  explain.require_subcommand(1);

  CLI::App& sshd = add_command(explain, line, "sshd", "what sshd will do",
                               Command::kExplainSshd);
  sshd.add_option("-C", line.connection,
                  "for this connection: user=,host=,addr=,laddr=,lport=")
      ->option_text("SPEC");
  add_explain_options(sshd, line);

  CLI::App& ssh = add_command(explain, line, "ssh", "what ssh will do",
                              Command::kExplainSsh);
  ssh.add_option("host", line.explain_host, "the host, as given to ssh")
      ->option_text("HOST")
      ->required();
  ssh.add_option("--user,-l", line.explain_user, "the remote user")
      ->option_text("USER");
  ssh.add_option("--as-user", line.explain_as_user,
                 "whose ~/.ssh/config is read, with that user's rights")
      ->option_text("NAME");
  add_explain_options(ssh, line);

  CLI::App& tcp = add_command(explain, line, "tcp", "what the kernel will do",
                              Command::kExplainTcp);
  add_format_option(tcp, line, false);
  add_common_options(tcp, line);
}

// Flags of `serve` stand on the program itself too, for the command that is
// left out; with another command they would be ignored.
std::optional<std::string> misplaced_flag(const CLI::App& app,
                                          const CommandLine& line) {
  if (line.command == Command::kServe) {
    return std::nullopt;
  }
  for (const CLI::Option* option : app.get_options()) {
    const bool of_serve = option->get_group() == kWebGroup ||
                          option->get_name() == "--config.check";
    if (option->count() > 0 && of_serve) {
      return option->get_name() + " belongs to the command serve";
    }
  }
  return std::nullopt;
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

ExitCode usage_error(std::ostream& err, const std::string& message) {
  err << "ssh_keepalive_exporter: " << first_line(message) << " (see --help)\n";
  return ExitCode::kUsage;
}

}  // namespace

void declare_command_line(CLI::App& app, CommandLine& line) {
  app.name("ssh_keepalive_exporter");
  app.description(
      "Prometheus exporter that tells whether idle SSH sessions stay intact.");
  app.set_help_flag("-h,--help", "print this help and exit");
  app.set_version_flag("--version", version_line(),
                       "print the version and exit");
  app.require_subcommand(0, 1);
  app.footer("Without a command, it serves.");

  const std::function<void(CLI::App&)> add_serve_options =
      [&line](CLI::App& serve) {
        add_common_options(serve, line);
        add_web_options(serve, line);
        add_collector_options(serve, line);
      };
  add_serve_options(app);
  add_serve_options(add_command(app, line, "serve",
                                "the exporter: serve metrics over HTTP",
                                Command::kServe));

  CLI::App& metrics = add_command(
      app, line, "metrics", "one scrape on standard output", Command::kMetrics);
  add_common_options(metrics, line);
  add_collector_options(metrics, line);

  add_check_command(app, line);
  add_sessions_command(app, line);
  add_why_command(app, line);
  add_explain_command(app, line);
}

std::variant<CommandLine, ExitCode> parse_command_line(int argc,
                                                       const char* const* argv,
                                                       std::ostream& out,
                                                       std::ostream& err) {
  CommandLine line;
  CLI::App app;
  try {
    declare_command_line(app, line);
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11's own exit codes lie between 100 and 127.
    if (error.get_exit_code() == 0) {
      app.exit(error, out, err);
      return ExitCode::kOk;
    }
    return usage_error(err, error.what());
  } catch (const std::exception& error) {
    return usage_error(err, error.what());
  }
  if (const auto message = misplaced_flag(app, line)) {
    return usage_error(err, *message);
  }
  return line;
}

bool names_check(int argc, const char* const* argv) {
  constexpr std::array<std::string_view, 6> kCommands = {
      "serve", "metrics", "sessions", "why", "explain", "check"};
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (std::ranges::find(kCommands, word) != kCommands.end()) {
      return word == "check";
    }
  }
  return false;
}

}  // namespace ssh_keepalive
