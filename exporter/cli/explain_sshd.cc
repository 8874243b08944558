#include "exporter/cli/explain_sshd.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <utility>

#include "collectors/sshd_config/memory.h"
#include "exporter/cli/explanation.h"
#include "exporter/cli/sshd_explanation.h"

namespace ssh_keepalive {
namespace {

ExitCode complain(std::ostream& err, const std::string& message,
                  ExitCode code) {
  err << "ssh_keepalive_exporter: " << message << '\n';
  return code;
}

ExitCode code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kAbsent:
      return ExitCode::kNoInput;
    case ErrorKind::kDenied:
      return ExitCode::kDenied;
    default:
      return ExitCode::kFailed;
  }
}

std::optional<openssh::Version> version_of(const ExplainSshdOptions& options,
                                           const HostRoot& root) {
  openssh::VersionMemory memory;
  const openssh::Version installed =
      sshd_config::version_or_assumed(root, memory);
  if (options.openssh_version.empty()) {
    return installed;
  }
  const auto given = openssh::parse_version(options.openssh_version);
  if (!given) {
    return std::nullopt;
  }
  return openssh::Version{.release = given->release,
                          .debian = installed.debian,
                          .text = given->text + " (as told)"};
}

// What is explained: a file, as a running daemon was started with it.
struct Subject {
  std::string file = sshd_config::kDefaultFile;
  HostRoot root;
  sshd_config::CommandLine command_line;
  const sshd_config::Instance* instance = nullptr;
};

bool reads(const sshd_config::Instance& instance, const std::string& file) {
  return instance.configuration && instance.configuration->file == file;
}

// With --file that file, as `sshd -T -f` takes it. Else the daemon's that uses
// the default file; else the first daemon's; else the default file.
Subject choose(const ExplainSshdOptions& options, const HostRoot& root,
               const sshd_config::Facts& facts) {
  Subject subject{.root = root};
  if (!options.file.empty()) {
    subject.file = options.file;
  }
  for (const sshd_config::Instance& instance : facts.instances) {
    if (reads(instance, subject.file)) {
      subject.instance = &instance;
      break;
    }
  }
  if (subject.instance == nullptr && options.file.empty()) {
    const auto running = std::ranges::find_if(
        facts.instances, [](const sshd_config::Instance& instance) {
          return instance.running && instance.configuration;
        });
    if (running != facts.instances.end()) {
      subject.instance = &*running;
      subject.file = running->configuration->file;
    }
  }
  if (subject.instance != nullptr && subject.instance->running &&
      options.file.empty()) {
    subject.root = subject.instance->running->root;
    subject.command_line = subject.instance->running->command_line;
  }
  return subject;
}

ExitCode refuse(const sshd_config::Refusal& refusal, std::ostream& err) {
  return complain(err,
                  fmt::format("{}:{}: {}", refusal.source.file,
                              refusal.source.line, refusal.reason),
                  ExitCode::kRefused);
}

}  // namespace

ExitCode explain_sshd(const ExplainSshdOptions& options, const HostRoot& root,
                      std::ostream& out, std::ostream& err) {
  sshd_config::Facts facts;
  sshd_config::Memory memory;
  // What it could not read of other daemons is no answer to this question.
  static_cast<void>(sshd_config::collect(root, {}, netns::host_only,
                                         std::chrono::steady_clock::now(),
                                         memory, facts));
  const Subject subject = choose(options, root, facts);
  const auto version = version_of(options, subject.root);
  if (!version) {
    return complain(err, "--openssh-version: expected one like 9.2p1",
                    ExitCode::kUsage);
  }
  Result<sshd_config::Connection> connection = sshd_config::parse_connection(
      options.connection, *version, openssh::Services(subject.root));
  if (!connection.ok()) {
    return complain(err, "-C: " + connection.error().reason, ExitCode::kUsage);
  }
  if (connection->user) {
    connection->groups =
        sshd_config::groups_of(subject.root, *connection->user);
  }
  const Result<sshd_config::Document> document = sshd_config::read_document(
      subject.root, subject.file, *version, subject.command_line);
  if (!document.ok()) {
    return complain(err, document.error().message(),
                    code_of(document.error().kind));
  }
  const sshd_config::Evaluation evaluation =
      sshd_config::evaluate(*document, &*connection);
  if (evaluation.unknown) {
    return complain(err, evaluation.unknown->message(),
                    code_of(evaluation.unknown->kind));
  }
  if (evaluation.refusal) {
    return refuse(*evaluation.refusal, err);
  }
  Explanation explanation = explain_values(evaluation.effective, *version);
  explanation.title =
      "What sshd makes of " + subject.file +
      (options.connection.empty() ? "" : " for this connection");
  add_running_daemon(subject.instance, facts.processes_visible, explanation);
  add_other_daemons(facts, subject.instance, explanation);
  print_explanation(explanation, options.format, out);
  return ExitCode::kOk;
}

}  // namespace ssh_keepalive
