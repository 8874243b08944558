#include "exporter/cli/explain_sshd.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>
#include <utility>

#include "collectors/sshd_config/sshd_config.h"
#include "exporter/cli/explanation.h"

namespace ssh_keepalive {
namespace {

using sshd_config::Effective;
using sshd_config::ListenAddress;
using sshd_config::Source;
using sshd_config::Value;

constexpr openssh::Release kTimeouts{9, 2};  // ChannelTimeout and its sibling
// sshd -T of 9.2 leaves ChannelTimeout out where it is none.
constexpr openssh::Release kPrintsUnsetChannelTimeout{9, 3};

std::optional<ExplainedSource> to_explained(
    const std::optional<Source>& source) {
  if (!source) {
    return std::nullopt;
  }
  return ExplainedSource{source->file, source->line};
}

ExplainedKeyword number_keyword(const char* name, const Value<int>& value,
                                const char* unit, std::string note = "") {
  return {.keyword = name,
          .value = static_cast<long long>(value.value),
          .unit = unit,
          .source = to_explained(value.source),
          .note = std::move(note),
          .openssh_line = fmt::format("{} {}", name, value.value)};
}

ExplainedKeyword word_keyword(const char* name, std::string word,
                              const std::optional<Source>& source,
                              std::string note = "") {
  std::string line = fmt::format("{} {}", name, word);
  return {.keyword = name,
          .value = std::move(word),
          .source = to_explained(source),
          .note = std::move(note),
          .openssh_line = std::move(line)};
}

// Shells are session:shell, commands session:command: a bare `session` is no
// channel's type.
std::string channel_timeout_note(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word.starts_with("session=")) {
      return "session= matches no shell and no command; session:*= does";
    }
  }
  return "";
}

std::string address_text(const ListenAddress& address) {
  const bool v6 = address.host.find(':') != std::string::npos;
  std::string text = fmt::format("{}{}{}:{}", v6 ? "[" : "", address.host,
                                 v6 ? "]" : "", address.port);
  if (!address.routing_domain.empty()) {
    text += " rdomain " + address.routing_domain;
  }
  return text;
}

// In the order of `sshd -T`.
std::vector<ExplainedKeyword> keywords_of(const Effective& effective,
                                          openssh::Release release) {
  std::vector<ExplainedKeyword> keywords;
  for (const Value<int>& port : effective.ports) {
    keywords.push_back(number_keyword("port", port, ""));
  }
  for (const ListenAddress& address : effective.listen_addresses) {
    keywords.push_back(
        word_keyword("listenaddress", address_text(address), address.source,
                     address.numeric ? ""
                                     : "a name, which sshd resolves when it "
                                       "starts"));
  }
  keywords.push_back(number_keyword("logingracetime",
                                    effective.login_grace_seconds, "seconds",
                                    "for connections that have not "
                                    "authenticated only"));
  keywords.push_back(number_keyword(
      "clientaliveinterval", effective.client_alive_interval_seconds, "seconds",
      effective.client_alive_interval_seconds.value == 0
          ? "off: sshd sends no messages of its own"
          : ""));
  keywords.push_back(number_keyword("clientalivecountmax",
                                    effective.client_alive_count_max, ""));
  if (release >= kTimeouts) {
    const Value<int>& unused = effective.unused_connection_timeout_seconds;
    keywords.push_back(
        unused.value == 0
            ? word_keyword("unusedconnectiontimeout", "none", unused.source)
            : number_keyword("unusedconnectiontimeout", unused, "seconds"));
  }
  keywords.push_back(word_keyword("tcpkeepalive",
                                  effective.tcp_keepalive.value ? "yes" : "no",
                                  effective.tcp_keepalive.source));
  if (release >= kTimeouts) {
    const auto& timeouts = effective.channel_timeouts;
    ExplainedKeyword keyword =
        word_keyword("channeltimeout",
                     timeouts.value.empty()
                         ? "none"
                         : fmt::format("{}", fmt::join(timeouts.value, " ")),
                     timeouts.source, channel_timeout_note(timeouts.value));
    if (release < kPrintsUnsetChannelTimeout && timeouts.value.empty()) {
      keyword.openssh_line.clear();
    }
    keywords.push_back(std::move(keyword));
  }
  return keywords;
}

Explanation to_explanation(const Effective& effective, const std::string& file,
                           const ExplainSshdOptions& options,
                           const openssh::Version& version) {
  Explanation explanation{
      .title = options.connection.empty()
                   ? "What sshd makes of " + file
                   : "What sshd makes of " + file + " for this connection",
      .openssh_version = version.text,
      .keywords = keywords_of(effective, version.release)};
  for (const sshd_config::Shadowed& shadow : effective.shadowed) {
    explanation.shadowed.push_back({std::string(shadow.keyword),
                                    {shadow.line.file, shadow.line.line},
                                    {shadow.by.file, shadow.by.line}});
  }
  explanation.notes.emplace_back(
      "Values of other keywords are not checked. Edits act after a reload, and "
      "for new connections only.");
  return explanation;
}

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

}  // namespace

ExitCode explain_sshd(const ExplainSshdOptions& options, const HostRoot& root,
                      std::ostream& out, std::ostream& err) {
  openssh::VersionMemory memory;
  openssh::Version version = sshd_config::version_or_assumed(root, memory);
  if (!options.openssh_version.empty()) {
    const auto given = openssh::parse_version(options.openssh_version);
    if (!given) {
      return complain(err, "--openssh-version: expected one like 9.2p1",
                      ExitCode::kUsage);
    }
    version = {.release = given->release,
               .debian = version.debian,
               .text = given->text + " (as told)"};
  }
  Result<sshd_config::Connection> connection =
      sshd_config::parse_connection(options.connection, version);
  if (!connection.ok()) {
    return complain(err, "-C: " + connection.error().reason, ExitCode::kUsage);
  }
  if (connection->user) {
    connection->groups = sshd_config::groups_of(root, *connection->user);
  }
  const std::string file =
      options.file.empty() ? sshd_config::kDefaultFile : options.file;
  const Result<sshd_config::Document> document =
      sshd_config::read_document(root, file, version);
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
    return complain(err,
                    fmt::format("{}:{}: {}", evaluation.refusal->source.file,
                                evaluation.refusal->source.line,
                                evaluation.refusal->reason),
                    ExitCode::kRefused);
  }
  print_explanation(
      to_explanation(evaluation.effective, file, options, version),
      options.format, out);
  return ExitCode::kOk;
}

}  // namespace ssh_keepalive
