#include <utility>

#include "collectors/sshd_config/fingerprint.h"
#include "collectors/sshd_config/memory.h"

namespace ssh_keepalive::sshd_config {
namespace {

std::string key_of(const HostRoot& root, const std::string& file,
                   const openssh::Version& version,
                   const CommandLine& command_line) {
  std::string key = root.path();
  const auto add = [&key](const std::string& text) {
    key += '\0';
    key += text;
  };
  add(file);
  add(version.text);
  for (const std::string& line : command_line.lines) {
    add(line);
  }
  key += '\1';
  for (const std::string& port : command_line.ports) {
    add(port);
  }
  return key;
}

}  // namespace

Result<std::shared_ptr<const Configuration>> ConfigurationCache::get(
    const HostRoot& root, const std::string& file,
    const openssh::Version& version, const CommandLine& command_line) {
  Entry& entry = entries_[key_of(root, file, version, command_line)];
  entry.used = true;
  if (entry.configuration &&
      is_unchanged(root, entry.configuration->document)) {
    return entry.configuration;
  }
  entry.configuration.reset();
  Result<Document> document = read_document(root, file, version, command_line);
  if (!document.ok()) {
    return std::move(document).error();
  }
  auto fresh = std::make_shared<Configuration>();
  fresh->file = file;
  fresh->document = *std::move(document);
  fresh->globals = evaluate(fresh->document, nullptr);
  if (!fresh->globals.refusal && !fresh->globals.unknown) {
    fresh->reachable = reachable(fresh->document, fresh->globals);
  }
  fresh->fingerprint = fingerprint(fresh->document);
  entry.configuration = std::move(fresh);
  return entry.configuration;
}

void ConfigurationCache::forget_unused() {
  std::erase_if(entries_, [](const auto& entry) { return !entry.second.used; });
  for (auto& [key, entry] : entries_) {
    entry.used = false;
  }
}

}  // namespace ssh_keepalive::sshd_config
