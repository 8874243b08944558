#include "collectors/ssh_config/ssh_config.h"

#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>

#include "collectors/base/accounts.h"
#include "collectors/openssh_syntax/version.h"
#include "collectors/ssh_config/evaluate.h"
#include "collectors/ssh_config/files.h"

namespace ssh_keepalive::ssh_config {
namespace {

std::optional<bool> flag(const Evaluation& evaluation, Keyword keyword) {
  const std::optional<std::int64_t> number = evaluation.number(keyword);
  return number ? std::optional(*number != 0) : std::nullopt;
}

std::optional<bool> is_proxied(const Evaluation& evaluation) {
  const Outcome* const command = evaluation.find(Keyword::kProxyCommand);
  const Outcome* const jump = evaluation.find(Keyword::kProxyJump);
  if (!command->decided || !jump->decided) {
    return std::nullopt;
  }
  return command->printed || jump->printed;
}

FileLine to_line(const Location& at) {
  return {.file = at.file, .line = static_cast<int>(at.line)};
}

std::optional<FileLine> line_of(const Evaluation& evaluation, Keyword keyword) {
  const Outcome* const outcome = evaluation.find(keyword);
  if (outcome == nullptr || !outcome->source) {
    return std::nullopt;
  }
  return to_line(*outcome->source);
}

Profile to_profile(std::string name, const Evaluation& evaluation,
                   const openssh::Version& version) {
  Profile profile{
      .name = std::move(name),
      .server_alive_interval_seconds =
          evaluation.number(Keyword::kServerAliveInterval),
      .server_alive_count_max =
          evaluation.number(Keyword::kServerAliveCountMax),
      .interval_source = line_of(evaluation, Keyword::kServerAliveInterval),
      .count_max_source = line_of(evaluation, Keyword::kServerAliveCountMax),
      .tcp_keepalive = flag(evaluation, Keyword::kTcpKeepAlive),
      .proxied = is_proxied(evaluation),
      .channel_timeouts = {},
      .channel_timeouts_source = line_of(evaluation, Keyword::kChannelTimeout),
      .control_persist_seconds = {},
      .control_persist_source = line_of(evaluation, Keyword::kControlPersist),
      .version = version};
  const Outcome* const channels = evaluation.find(Keyword::kChannelTimeout);
  if (channels != nullptr && channels->decided) {
    profile.channel_timeouts =
        openssh::parse_channel_timeouts(channels->items, version.release);
  }
  const Outcome* const persist = evaluation.find(Keyword::kControlPersist);
  if (persist->decided && persist->numeric) {
    profile.control_persist_seconds = persist->number;
  }
  return profile;
}

template <typename T>
void add_once(std::vector<T>& all, T one) {
  if (std::find(all.begin(), all.end(), one) == all.end()) {
    all.push_back(std::move(one));
  }
}

std::string file_of(const Account& user) { return user.home + "/.ssh/config"; }

// Where the evaluations of one ssh_config go.
struct Found {
  std::vector<Profile>& profiles;
  std::vector<Error>& errors;
  std::vector<FileLine>& misplaced;
};

// One host's profile; without one, the errors say why. `user`: who runs ssh, or
// null for anybody.
void evaluate_host(std::string name, std::string_view host,
                   const CollectorSettings& settings, const Account* user,
                   Files& files, Found& found) {
  // A configured host may be written as on ssh's command line.
  std::optional<Destination> destination =
      parse_destination(host, files.services());
  if (!destination) {
    add_once(found.errors,
             Error{.kind = ErrorKind::kInvalid,
                   .attempted = "evaluate the configuration for",
                   .subject = std::move(name),
                   .reason = "no host that ssh would connect to"});
    return;
  }
  Request request{.host = std::move(destination->host),
                  .user = std::move(destination->user),
                  .port = destination->port,
                  .uid = ::geteuid()};
  if (user != nullptr) {
    request.uid = user->uid;
    request.local_user = user->name;
    request.home = user->home;
    request.files.push_back({file_of(*user), FileRole::kUser});
  }
  request.files.push_back({settings.ssh_config_file, FileRole::kSystem});
  Result<Evaluation> evaluation = evaluate(request, files);
  if (!evaluation.ok()) {
    add_once(found.errors, std::move(evaluation).error());
    return;
  }
  for (const Refusal& refusal : evaluation->refusals) {
    add_once(found.errors, Error{.kind = ErrorKind::kInvalid,
                                 .attempted = "parse",
                                 .subject = place_of(refusal.at),
                                 .reason = refusal.reason});
    if (refusal.is_of_sshd) {
      add_once(found.misplaced, to_line(refusal.at));
    }
  }
  if (evaluation->refusals.empty()) {
    found.profiles.push_back(
        to_profile(std::move(name), *evaluation, files.version()));
  }
}

// The default host and those of the settings, each once.
void evaluate_hosts(const CollectorSettings& settings, const Account* user,
                    Files& files, Found found) {
  files.refresh();
  evaluate_host(std::string(kDefaultProfile), kDefaultHost, settings, user,
                files, found);
  std::set<std::string> done = {std::string(kDefaultProfile)};
  for (const std::string& host : settings.ssh_hosts) {
    if (done.insert(host).second) {
      evaluate_host(host, host, settings, user, files, found);
    }
  }
}

void evaluate_user(const std::string& name, const HostRoot& root,
                   const openssh::Version& version,
                   const CollectorSettings& settings,
                   std::shared_ptr<Files>& files, Facts& facts,
                   std::vector<Error>& errors) {
  const std::optional<Account> account = account_named(root, name);
  if (!account) {
    errors.push_back({.kind = ErrorKind::kAbsent,
                      .attempted = "read the ssh configuration of",
                      .subject = name,
                      .reason = "no such user in /etc/passwd"});
    return;
  }
  if (!files || files->version().text != version.text) {
    files = std::make_shared<Files>(root, version);
  }
  UserProfiles user{
      .user = name, .file = file_of(*account), .profiles = {}, .errors = {}};
  const Result<void> done = with_rights_of(identity_of(root, *account), [&] {
    evaluate_hosts(settings, &*account, *files,
                   {user.profiles, user.errors, facts.misplaced});
  });
  if (!done.ok()) {
    errors.push_back(done.error());
    return;
  }
  facts.users.push_back(std::move(user));
}

}  // namespace

std::vector<Error> collect(const HostRoot& root,
                           const CollectorSettings& settings, Memory& memory,
                           Facts& facts) {
  std::vector<Error> errors;
  // ssh passes over a file that it may not read; this process is not the one
  // that will run ssh, and cannot tell.
  Result<FileIdentity> readable = identify_file(root, settings.ssh_config_file);
  if (!readable.ok() && readable.error().kind == ErrorKind::kDenied) {
    return {std::move(readable).error()};
  }
  const Result<openssh::Version> installed =
      memory.version.installed(root, "openssh-client");
  const openssh::Version version =
      installed.ok() ? *installed : openssh::Version{};
  if (!memory.files || memory.files->version().text != version.text) {
    memory.files = std::make_shared<Files>(root, version);
  }
  evaluate_hosts(settings, nullptr, *memory.files,
                 {facts.profiles, errors, facts.misplaced});
  for (const std::string& user : settings.ssh_users) {
    evaluate_user(user, root, version, settings, memory.files_of_users[user],
                  facts, errors);
  }
  return errors;
}

}  // namespace ssh_keepalive::ssh_config
