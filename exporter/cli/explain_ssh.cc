#include "exporter/cli/explain_ssh.h"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

#include "collectors/base/accounts.h"
#include "collectors/openssh_syntax/version.h"
#include "collectors/openssh_syntax/words.h"
#include "collectors/ssh_config/destination.h"
#include "collectors/ssh_config/evaluate.h"
#include "exporter/cli/explanation.h"

namespace ssh_keepalive {
namespace {

using ssh_config::ConfigFile;
using ssh_config::Evaluation;
using ssh_config::FileRole;
using ssh_config::Location;
using ssh_config::Outcome;

// Nothing in a file may steer a terminal. JSON escapes such characters itself,
// and ssh -G prints them as they are.
std::string shown(std::string_view text, OutputFormat format) {
  std::string safe(text);
  if (format == OutputFormat::kText) {
    std::replace_if(
        safe.begin(), safe.end(),
        [](char c) {
          return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
        },
        '?');
  }
  return safe;
}

std::string place(const Location& location) {
  const std::string file = shown(location.file, OutputFormat::kText);
  return location.line == 0 ? file : fmt::format("{}:{}", file, location.line);
}

ExplainedSource to_source(const Location& location, OutputFormat format) {
  return {.file = shown(location.file, format),
          .line = static_cast<int>(location.line)};
}

ExplainedKeyword to_keyword(const Outcome& outcome, OutputFormat format) {
  ExplainedKeyword keyword{.keyword = std::string(outcome.name),
                           .value = shown(outcome.value, format),
                           .unit = std::string(outcome.unit),
                           .note = outcome.note};
  if (outcome.numeric) {
    keyword.value = static_cast<long long>(outcome.number);
  }
  if (outcome.source) {
    keyword.source = to_source(*outcome.source, format);
  }
  if (!outcome.decided) {
    keyword.note = "undecided, see below";
  } else if (outcome.printed) {
    keyword.openssh_line = fmt::format("{} {}", outcome.name, outcome.value);
  }
  return keyword;
}

Explanation to_explanation(const Evaluation& evaluation,
                           const ExplainSshOptions& options,
                           const openssh::Version& version) {
  const OutputFormat format = options.format;
  Explanation explanation{.title = "What ssh makes of its configuration for " +
                                   shown(options.host, format),
                          .openssh_version = version.text,
                          .confirmed = openssh::is_confirmed(version)};
  for (const Outcome& outcome : evaluation.outcomes) {
    explanation.keywords.push_back(to_keyword(outcome, format));
  }
  for (const ssh_config::Shadowed& shadow : evaluation.shadowed) {
    explanation.shadowed.push_back({.keyword = shadow.keyword,
                                    .line = to_source(shadow.at, format),
                                    .by = to_source(shadow.by, format)});
  }
  const auto note_once = [&explanation](std::string note) {
    if (std::ranges::find(explanation.notes, note) == explanation.notes.end()) {
      explanation.notes.push_back(std::move(note));
    }
  };
  for (const ssh_config::Undecided& entry : evaluation.undecided) {
    explanation.undecided.push_back(
        {.keyword = std::string(entry.keyword),
         .if_true = shown(entry.if_true, format),
         .if_false = shown(entry.if_false, format),
         .source = to_source(entry.source, format)});
    note_once(fmt::format("{}: {}.", place(entry.source), entry.reason));
  }
  for (const std::string& note : evaluation.notes) {
    note_once(shown(note, format) + ".");
  }
  note_once("Values of other keywords are not checked.");
  return explanation;
}

std::vector<ConfigFile> files_of(const ExplainSshOptions& options) {
  if (!options.file.empty()) {
    // `ssh -F none` reads no file at all.
    return openssh::to_lower(options.file) == "none"
               ? std::vector<ConfigFile>{}
               : std::vector<ConfigFile>{{options.file, FileRole::kNamed}};
  }
  std::vector<ConfigFile> files;
  if (!options.home.empty()) {
    files.push_back({options.home + "/.ssh/config", FileRole::kUser});
  }
  files.push_back({options.system_file, FileRole::kSystem});
  return files;
}

ExitCode complain(std::ostream& err, std::string_view message, ExitCode code) {
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

// Nothing where the option is no version.
std::optional<openssh::Version> version_for(const ExplainSshOptions& options,
                                            const HostRoot& root) {
  Result<openssh::Version> installed =
      openssh::installed_version(root, "openssh-client");
  openssh::Version version =
      installed.ok() ? *std::move(installed) : openssh::Version{};
  if (options.openssh_version.empty()) {
    return version;
  }
  const std::optional<openssh::Version> given =
      openssh::parse_version(options.openssh_version);
  if (!given) {
    return std::nullopt;
  }
  // The patches of this system's build are taken to stay.
  return openssh::Version{.release = given->release,
                          .debian = version.debian || given->debian,
                          .text = given->text};
}

}  // namespace

void set_invoking_user(const HostRoot& root, ExplainSshOptions& options) {
  options.uid = ::getuid();
  if (root.is_live()) {
    if (const passwd* const user = ::getpwuid(options.uid)) {
      options.user_name = user->pw_name;
      options.home = user->pw_dir;
    }
  } else if (const auto account = account_of(root, options.uid)) {
    options.user_name = account->name;
    options.home = account->home;
  }
}

ExitCode explain_ssh(const ExplainSshOptions& options, const HostRoot& root,
                     std::ostream& out, std::ostream& err) {
  std::optional<ssh_config::Destination> destination =
      ssh_config::parse_destination(options.host, openssh::Services(root));
  if (!destination) {
    return complain(err, "not a host that ssh would connect to",
                    ExitCode::kUsage);
  }
  if (!ssh_config::valid_remote_user(options.user)) {
    return complain(err, "--user: not a name that ssh would take",
                    ExitCode::kUsage);
  }
  const std::optional<openssh::Version> version = version_for(options, root);
  if (!version) {
    return complain(err, "--openssh-version: expected one like 9.2p1",
                    ExitCode::kUsage);
  }
  ssh_config::Request request{.host = std::move(destination->host),
                              .user = std::move(destination->user),
                              .port = destination->port,
                              .uid = options.uid,
                              .home = options.home,
                              .files = files_of(options)};
  if (!options.user.empty()) {
    request.user = options.user;
  }
  if (!options.user_name.empty()) {
    request.local_user = options.user_name;
  }
  ssh_config::Files files(root, *version);
  const Result<Evaluation> evaluation = ssh_config::evaluate(request, files);
  if (!evaluation.ok()) {
    return complain(err, evaluation.error().message(),
                    code_of(evaluation.error().kind));
  }
  if (!evaluation->refusals.empty()) {
    const ssh_config::Refusal& first = evaluation->refusals.front();
    const std::size_t more = evaluation->refusals.size() - 1;
    complain(err,
             fmt::format("{}: {}{}", place(first.at), first.reason,
                         more == 0 ? "" : fmt::format(" (and {} more)", more)),
             ExitCode::kRefused);
    return ExitCode::kRefused;
  }
  print_explanation(to_explanation(*evaluation, options, *version),
                    options.format, out);
  return ExitCode::kOk;
}

ExitCode explain_ssh_as(const std::string& name, ExplainSshOptions options,
                        const HostRoot& root, std::ostream& out,
                        std::ostream& err) {
  const auto account = account_named(root, name);
  if (!account) {
    return complain(err, "--as-user: no such user in /etc/passwd",
                    ExitCode::kUsage);
  }
  options.uid = account->uid;
  options.user_name = account->name;
  options.home = account->home;
  ExitCode code = ExitCode::kFailed;
  const Result<void> done = with_rights_of(identity_of(root, *account), [&] {
    code = explain_ssh(options, root, out, err);
  });
  return done.ok() ? code
                   : complain(err, done.error().message(),
                              code_of(done.error().kind));
}

}  // namespace ssh_keepalive
