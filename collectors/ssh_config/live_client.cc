#include "collectors/ssh_config/live_client.h"

#include <tuple>

#include "collectors/base/accounts.h"
#include "collectors/openssh_syntax/words.h"
#include "collectors/processes/command_line.h"
#include "collectors/ssh_config/client_command.h"
#include "collectors/ssh_config/files.h"
#include "collectors/ssh_config/live_settings.h"

namespace ssh_keepalive::ssh_config {
namespace {

constexpr std::string_view kPackagedSsh = "/usr/bin/ssh";
constexpr std::string_view kSystemFile = "/etc/ssh/ssh_config";

Error unknown(ErrorKind kind, int pid, std::string reason) {
  return {.kind = kind,
          .attempted = "find the settings of",
          .subject = "ssh, pid " + std::to_string(pid),
          .reason = std::move(reason)};
}

// What -F means to the process. Files that only it has, such as a shell's
// `<(...)`, are others here.
Result<std::string> named_file(const HostRoot& root, const HostRoot& own,
                               int pid, const std::string& file) {
  std::string path = file;
  if (!path.starts_with('/')) {
    const std::optional<std::string> directory =
        own.path() == root.path() ? processes::working_directory(root, pid)
                                  : std::nullopt;
    if (!directory) {
      return unknown(ErrorKind::kDenied, pid,
                     "the folder that -F starts from is not known");
    }
    path = *directory + "/" + path;
  }
  if (path.starts_with("/proc/") || path.starts_with("/dev/")) {
    return unknown(ErrorKind::kDenied, pid,
                   "-F names a file that only the process itself has");
  }
  return path;
}

Result<std::vector<ConfigFile>> files_to_read(
    const HostRoot& root, const HostRoot& own, int pid,
    const ClientCommand& command, const std::optional<Account>& account) {
  if (command.file && openssh::to_lower(*command.file) == "none") {
    return std::vector<ConfigFile>{};
  }
  if (!account) {
    return unknown(ErrorKind::kAbsent, pid, "its user is not in /etc/passwd");
  }
  if (!command.file) {
    return std::vector<ConfigFile>{
        {account->home + "/.ssh/config", FileRole::kUser},
        {std::string(kSystemFile), FileRole::kSystem}};
  }
  Result<std::string> file = named_file(root, own, pid, *command.file);
  if (!file.ok()) {
    return std::move(file).error();
  }
  return std::vector<ConfigFile>{{*std::move(file), FileRole::kNamed}};
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

}  // namespace

bool is_same(const LiveClient& a, const LiveClient& b) {
  const auto values = [](const LiveClient& one) {
    return std::tie(one.server_alive_interval_seconds.value,
                    one.server_alive_count_max.value, one.tcp_keepalive.value,
                    one.proxied.value, one.control_persist.value,
                    one.channel_timeouts.value);
  };
  return values(a) == values(b);
}

void LiveClients::refresh(std::chrono::steady_clock::time_point now) {
  std::erase_if(entries_, [](const auto& entry) { return !entry.second.seen; });
  for (auto& [key, entry] : entries_) {
    entry.seen = false;
  }
  now_ = now;
  spent_checking_ = {};
  spent_.clear();
  user_files_ = {};
}

const Result<LiveClient>& LiveClients::find(const HostRoot& root,
                                            const processes::Process& process) {
  const Key key{process.pid, process.start_ticks};
  const auto known = entries_.find(key);
  if (known != entries_.end()) {
    known->second.seen = true;
    check(root, process, known->second);
    return known->second.client;
  }
  refused_ = look_at(root, process, true);
  const bool passing =
      !refused_.ok() && (refused_.error().kind == ErrorKind::kLimit ||
                         refused_.error().kind == ErrorKind::kInterrupted);
  if (passing || entries_.size() >= kMaxKept) {
    return refused_;
  }
  const bool comparable = refused_.ok() && !refused_->outdated.value_or(false);
  return entries_
      .emplace(key, Entry{.client = std::move(refused_),
                          .comparable = comparable,
                          .seen = true,
                          .checked = now_})
      .first->second.client;
}

void LiveClients::check(const HostRoot& root, const processes::Process& process,
                        Entry& entry) {
  if (!entry.comparable || now_ - entry.checked < kCheckAfter ||
      spent_checking_ >= kTimeToCheck) {
    return;
  }
  const auto start = std::chrono::steady_clock::now();
  const Result<LiveClient> now = look_at(root, process, false);
  spent_checking_ += std::chrono::steady_clock::now() - start;
  entry.checked = now_;
  LiveClient& own = *entry.client;
  own.outdated = now.ok() ? std::optional(!is_same(own, *now)) : std::nullopt;
}

Result<LiveClient> LiveClients::look_at(const HostRoot& root,
                                        const processes::Process& process,
                                        bool as_it_started) {
  const int pid = process.pid;
  const std::optional<std::uint32_t> uid = processes::effective_uid(root, pid);
  std::chrono::nanoseconds& spent = spent_[uid.value_or(0)];
  if (spent >= kTimePerUser) {
    return unknown(ErrorKind::kLimit, pid,
                   "too many new ones of one user; at the next look");
  }
  const auto start = std::chrono::steady_clock::now();
  LiveClient client;
  const Result<Evaluation> evaluation = evaluate_client(root, pid, client);
  spent += std::chrono::steady_clock::now() - start;
  const Result<processes::Process> now = processes::read_process(root, pid);
  if (!now.ok() || now->start_ticks != process.start_ticks) {
    return unknown(ErrorKind::kAbsent, pid, "it has ended");
  }
  if (!evaluation.ok()) {
    return evaluation.error();
  }
  if (!evaluation->refusals.empty()) {
    const Refusal& refusal = evaluation->refusals.front();
    return unknown(
        ErrorKind::kInvalid, pid,
        "ssh would refuse " + place_of(refusal.at) + ": " + refusal.reason);
  }
  std::optional<processes::Time> started_at;
  if (as_it_started &&
      root.has_running_kernel()) {  // a recorded tree's files are copies
    if (const auto boot = processes::boot_time(root)) {
      started_at = processes::start_time(*boot, process);
    }
  }
  fill_settings(*evaluation, started_at, client);
  return client;
}

Files& LiveClients::files_of(std::uint32_t uid, const HostRoot& root,
                             const openssh::Version& version) {
  if (!user_files_.files || user_files_.uid != uid ||
      user_files_.root != root.path() || user_files_.version != version.text) {
    user_files_ = {.uid = uid,
                   .root = root.path(),
                   .version = version.text,
                   .files = std::make_unique<Files>(root, version)};
  }
  return *user_files_.files;
}

Result<Evaluation> LiveClients::evaluate_client(const HostRoot& root, int pid,
                                                LiveClient& client) {
  const auto credentials = processes::credentials_of(root, pid);
  const auto executable = processes::executable(root, pid);
  // Without the right to look, the root below would be the wrong one.
  if (!credentials || (root.has_running_kernel() && !executable)) {
    return unknown(ErrorKind::kDenied, pid, "it may not be looked at");
  }
  const Result<std::vector<std::string>> arguments =
      processes::arguments_of(root, pid);
  if (!arguments.ok()) {
    return arguments.error();
  }
  if (is_master_title(*arguments)) {
    return unknown(ErrorKind::kAbsent, pid,
                   "a master that stays for ControlPersist has written its "
                   "socket's name over its command line");
  }
  const HostRoot own = processes::root_of(root, pid);
  client.is_packaged =
      !executable || processes::is_file(own, kPackagedSsh, *executable);
  constexpr std::string_view kPackage = "openssh-client";
  const Result<openssh::Version> installed =
      own.path() == root.path() ? version_.installed(root, kPackage)
                                : openssh::installed_version(own, kPackage);
  client.version = installed.ok() ? *installed : openssh::Version{};

  const std::uint32_t uid = credentials->real_uid;
  Files& files = files_of(uid, own, client.version);
  const std::optional<ClientCommand> command =
      parse_client_command(*arguments, client.version, files.services());
  if (!command) {
    return unknown(ErrorKind::kInvalid, pid,
                   "its command line is none that ssh takes");
  }
  Request request{.host = command->host, .uid = uid};
  request.options = std::make_shared<const ParsedFile>(
      option_lines(*command, client.version, files.services()));
  request.command = join(command->words);
  const std::optional<Account> account =
      account_of(own, processes::uid_inside(root, pid, uid).value_or(uid));
  if (account) {
    request.local_user = account->name;
    request.home = account->home;
  }
  Result<std::vector<ConfigFile>> config_files =
      files_to_read(root, own, pid, *command, account);
  if (!config_files.ok()) {
    return std::move(config_files).error();
  }
  request.files = *std::move(config_files);
  std::optional<Result<Evaluation>> evaluation;
  const Result<void> done = with_rights_of(
      credentials->files, [&] { evaluation = evaluate(request, files); });
  return done.ok() ? *std::move(evaluation) : done.error();
}

}  // namespace ssh_keepalive::ssh_config
