#include "collectors/sshd_config/sshd_config.h"

#include <algorithm>
#include <utility>

namespace ssh_keepalive::sshd_config {
namespace {

// Labels are unique, or Prometheus would lose one of two equal series.
std::string daemon_name(const Evaluation& globals, const Facts& facts) {
  const std::string base =
      globals.refusal
          ? "port-22"
          : "port-" +
                std::to_string(globals.effective.listen_addresses.front().port);
  std::string name = base;
  for (int number = 2;
       std::ranges::find(facts.configurations, name, &Configuration::daemon) !=
       facts.configurations.end();
       ++number) {
    name = base + "-" + std::to_string(number);
  }
  return name;
}

}  // namespace

openssh::Version version_or_assumed(const HostRoot& root,
                                    openssh::VersionMemory& memory) {
  Result<openssh::Version> installed = memory.installed(root, "openssh-server");
  return installed.ok() ? *std::move(installed) : openssh::Version{};
}

std::vector<Error> collect(const HostRoot& root,
                           const std::vector<std::string>& files,
                           openssh::VersionMemory& memory, Facts& facts) {
  std::vector<Error> errors;
  const openssh::Version version = version_or_assumed(root, memory);
  const bool by_default = files.empty();
  for (const std::string& file :
       by_default ? std::vector<std::string>{kDefaultFile} : files) {
    Result<Document> document = read_document(root, file, version);
    if (!document.ok()) {
      if (!by_default || document.error().kind != ErrorKind::kAbsent) {
        errors.push_back(document.error());
      }
      continue;
    }
    Evaluation globals = evaluate(*document, nullptr);
    if (globals.unknown) {
      errors.push_back(*std::move(globals.unknown));
      continue;
    }
    std::string daemon = daemon_name(globals, facts);
    facts.configurations.push_back({.document = *std::move(document),
                                    .globals = std::move(globals),
                                    .daemon = std::move(daemon)});
  }
  return errors;
}

std::vector<std::uint16_t> ports(const Facts& facts) {
  std::vector<std::uint16_t> all;
  for (const Configuration& configuration : facts.configurations) {
    if (configuration.globals.refusal) {
      continue;
    }
    for (const ListenAddress& address :
         configuration.globals.effective.listen_addresses) {
      all.push_back(static_cast<std::uint16_t>(address.port));
    }
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace ssh_keepalive::sshd_config
