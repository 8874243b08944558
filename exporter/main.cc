// Wiring only: from the command line to the command, and to the exit code.
#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <utility>
#include <variant>

#include "collectors/base/host_root.h"
#include "exporter/cli/check.h"
#include "exporter/cli/explain_ssh.h"
#include "exporter/cli/explain_sshd.h"
#include "exporter/cli/explain_tcp.h"
#include "exporter/cli/sessions_command.h"
#include "exporter/cli/terminal.h"
#include "exporter/cli/why.h"
#include "exporter/command_line.h"
#include "exporter/log.h"
#include "exporter/private_token.h"
#include "exporter/serve.h"
#include "exporter/service.h"

namespace ssh_keepalive {
namespace {

ExitCode fail(const Error& error, ExitCode otherwise) {
  std::cerr << "ssh_keepalive_exporter: " << error.message() << '\n';
  switch (error.kind) {
    case ErrorKind::kAbsent:
      return ExitCode::kNoInput;
    case ErrorKind::kDenied:
      return ExitCode::kDenied;
    default:
      return otherwise;
  }
}

ExitCode print_metrics(Service& service) {
  const Result<std::string> text = service.scrape_text({});
  if (!text.ok()) {
    return fail(text.error(), ExitCode::kFailed);
  }
  std::cout << *text;
  return ExitCode::kOk;
}

ExitCode list_sessions(const CommandLine& command_line,
                       const Settings& settings, const HostRoot& root) {
  const std::string note =
      missing_right(root, settings.collector_settings.netns);
  if (!note.empty()) {
    std::cerr << "ssh_keepalive_exporter: " << note << '\n';
  }
  const std::vector<Error> errors =
      run_sessions({.format = command_line.format,
                    .watch_interval = command_line.watch_interval,
                    .settings = settings},
                   CollectorInput{root, settings.collector_settings},
                   STDOUT_FILENO, std::cerr);
  ExitCode code = ExitCode::kOk;
  for (const Error& error : errors) {
    code = fail(error, ExitCode::kFailed);
  }
  return code;
}

ExitCode tell_why(const CommandLine& command_line, const Settings& settings,
                  const HostRoot& root) {
  const Result<std::string> text =
      why({.format = command_line.format,
           .colour = wants_colour(STDOUT_FILENO),
           .of = command_line.why_of,
           .last = static_cast<std::size_t>(command_line.why_last),
           .state_file = settings.ends.state_file,
           .now = std::chrono::system_clock::now()},
          root);
  if (!text.ok()) {
    return fail(text.error(), ExitCode::kFailed);
  }
  std::cout << *text;
  return ExitCode::kOk;
}

// With exit codes of its own.
CheckExit check(const CommandLine& command_line) {
  const Result<Settings> settings = make_settings(command_line);
  const Result<HostRoot> root = HostRoot::open(command_line.root);
  if (!settings.ok() || !root.ok()) {
    fail(settings.ok() ? root.error() : settings.error(), ExitCode::kFailed);
    return CheckExit::kUnknown;
  }
  return run_check({.format = command_line.format,
                    .colour = wants_colour(STDOUT_FILENO),
                    .what_if = command_line.what_if},
                   *settings,
                   CollectorInput{*root, settings->collector_settings},
                   std::cout, std::cerr);
}

ExitCode run(const CommandLine& command_line) {
  Result<Settings> settings = make_settings(command_line);
  if (!settings.ok()) {
    return fail(settings.error(), ExitCode::kConfiguration);
  }
  if (command_line.check_configuration_only) {
    return ExitCode::kOk;
  }
  Result<HostRoot> root = HostRoot::open(command_line.root);
  if (!root.ok()) {
    return fail(root.error(), ExitCode::kFailed);
  }
  if (command_line.command == Command::kExplainTcp) {
    return explain_tcp(*root, command_line.format, std::cout, std::cerr);
  }
  if (command_line.command == Command::kExplainSsh) {
    ExplainSshOptions options{
        .host = command_line.explain_host,
        .file = command_line.explain_file,
        .user = command_line.explain_user,
        .openssh_version = command_line.openssh_version,
        .system_file = settings->collector_settings.ssh_config_file,
        .format = command_line.format};
    if (!command_line.explain_as_user.empty()) {
      return explain_ssh_as(command_line.explain_as_user, options, *root,
                            std::cout, std::cerr);
    }
    set_invoking_user(*root, options);
    return explain_ssh(options, *root, std::cout, std::cerr);
  }
  if (command_line.command == Command::kExplainSshd) {
    return explain_sshd({.file = command_line.explain_file,
                         .connection = command_line.connection,
                         .openssh_version = command_line.openssh_version,
                         .format = command_line.format},
                        *root, std::cout, std::cerr);
  }
  if (command_line.command == Command::kSessions) {
    return list_sessions(command_line, *settings, *root);
  }
  if (command_line.command == Command::kWhy) {
    return tell_why(command_line, *settings, *root);
  }
  if (command_line.command == Command::kServe) {
    const Result<void> token = read_private_token(*settings);
    if (!token.ok()) {
      return fail(token.error(), ExitCode::kConfiguration);
    }
  }
  Log log;
  Service service(command_line, *std::move(settings), *std::move(root), log);
  if (command_line.command == Command::kMetrics) {
    return print_metrics(service);
  }
  const Result<void> served = serve(service, log);
  if (!served.ok()) {
    std::cerr << "ssh_keepalive_exporter: " << served.error().message() << '\n';
    return ExitCode::kFailed;
  }
  return ExitCode::kOk;
}

}  // namespace
}  // namespace ssh_keepalive

int main(int argc, char** argv) {
  using namespace ssh_keepalive;  // NOLINT(google-build-using-namespace)
  // A reader that goes away is an error of one write, not of the program.
  std::signal(SIGPIPE, SIG_IGN);
  // Many short-lived threads would each get a heap of their own.
  constexpr int kMaxHeaps = 2;
  ::mallopt(M_ARENA_MAX, kMaxHeaps);
  try {
    const auto parsed = parse_command_line(argc, argv, std::cout, std::cerr);
    const auto* const command_line = std::get_if<CommandLine>(&parsed);
    if (command_line != nullptr && command_line->command == Command::kCheck) {
      const CheckExit exit = check(*command_line);
      return static_cast<int>(std::cout.flush().good() ? exit
                                                       : CheckExit::kUnknown);
    }
    const ExitCode code = command_line == nullptr ? std::get<ExitCode>(parsed)
                                                  : run(*command_line);
    if (code != ExitCode::kOk && command_line == nullptr &&
        names_check(argc, argv)) {
      return static_cast<int>(CheckExit::kUnknown);
    }
    if (code == ExitCode::kOk && !std::cout.flush().good()) {
      std::cerr << "ssh_keepalive_exporter: cannot write standard output\n";
      return static_cast<int>(ExitCode::kFailed);
    }
    return static_cast<int>(code);
  } catch (const std::exception& error) {  // such as std::bad_alloc
    std::cerr << "ssh_keepalive_exporter: " << error.what() << '\n';
    return static_cast<int>(ExitCode::kFailed);
  }
}
