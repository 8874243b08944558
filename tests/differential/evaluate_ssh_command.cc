// Usage: evaluate_ssh_command VERSION ssh [ARGUMENT]...
//        evaluate_ssh_command --pid PID
// The first prints what `ssh -G` of that version would print with these
// arguments, of the reported keywords, or exits with 65 where it would refuse:
// for ssh_command_differential.py. The second prints what a running ssh uses:
// NAME VALUE SOURCE, or the reason.
#include <cstdio>
#include <string>
#include <string_view>

#include "collectors/base/accounts.h"
#include "collectors/base/number.h"
#include "collectors/openssh_syntax/words.h"
#include "collectors/processes/process.h"
#include "collectors/ssh_config/client_command.h"
#include "collectors/ssh_config/evaluate.h"
#include "collectors/ssh_config/live_client.h"

namespace ssh_keepalive::ssh_config {
namespace {

constexpr int kUsage = 64;
constexpr int kRefused = 65;
constexpr int kFailed = 70;

int refuse(const std::string& reason) {
  std::fprintf(stderr, "%s\n", reason.c_str());
  return kRefused;
}

int evaluate_arguments(const openssh::Version& version,
                       const std::vector<std::string>& arguments) {
  Files files(HostRoot::live(), version);
  const std::optional<ClientCommand> command =
      parse_client_command(arguments, version, files.services());
  if (!command) {
    return refuse("usage");
  }
  Request request{.host = command->host, .uid = 0, .home = "/root"};
  request.local_user = "root";
  for (const std::string& word : command->words) {
    request.command += (request.command.empty() ? "" : " ") + word;
  }
  request.options = std::make_shared<const ParsedFile>(
      option_lines(*command, version, files.services()));
  if (command->file && openssh::to_lower(*command->file) != "none") {
    request.files = {{*command->file, FileRole::kNamed}};
  }
  const Result<Evaluation> evaluation = evaluate(request, files);
  if (!evaluation.ok()) {
    return refuse(evaluation.error().message());
  }
  if (!evaluation->refusals.empty()) {
    const Refusal& first = evaluation->refusals.front();
    return refuse(place_of(first.at) + ": " + first.reason);
  }
  for (const Outcome& outcome : evaluation->outcomes) {
    if (!outcome.decided) {
      return kFailed;
    }
    if (outcome.printed) {
      std::printf("%s %s\n", std::string(outcome.name).c_str(),
                  outcome.value.c_str());
    }
  }
  return 0;
}

template <typename T>
void print(const char* name, const Setting<T>& setting) {
  const FileLine source = setting.source.value_or(FileLine{});
  if (setting.value) {
    std::printf("%s %lld %s:%d\n", name, static_cast<long long>(*setting.value),
                source.file.c_str(), source.line);
  } else {
    std::printf("%s unknown: %s\n", name, setting.reason.c_str());
  }
}

int look_at_process(int pid) {
  const HostRoot root = HostRoot::live();
  const Result<processes::Process> process = processes::read_process(root, pid);
  if (!process.ok()) {
    return refuse(process.error().message());
  }
  LiveClients clients;
  const Result<LiveClient>& client = clients.find(root, *process);
  if (!client.ok()) {
    return refuse(client.error().message());
  }
  print("interval", client->server_alive_interval_seconds);
  print("count_max", client->server_alive_count_max);
  print("tcp_keepalive", client->tcp_keepalive);
  print("proxied", client->proxied);
  std::printf("packaged %d\n", client->is_packaged ? 1 : 0);
  return 0;
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 2 && words[0] == "--pid") {
    return look_at_process(parse_integer<int>(words[1]).value_or(0));
  }
  const std::optional<openssh::Version> version =
      words.size() < 2 ? std::nullopt : openssh::parse_version(words[0]);
  return version
             ? evaluate_arguments(*version, {words.begin() + 1, words.end()})
             : kUsage;
}

}  // namespace
}  // namespace ssh_keepalive::ssh_config

int main(int argc, char** argv) {
  return ssh_keepalive::ssh_config::run({argv + 1, argv + argc});
}
