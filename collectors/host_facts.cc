#include "collectors/host_facts.h"

#include <sstream>

#include "collectors/base/file.h"
#include "collectors/base/managed_by.h"
#include "collectors/base/number.h"

namespace ssh_keepalive {
namespace {

void append(const std::vector<Error>& more, std::vector<Error>& errors) {
  errors.insert(errors.end(), more.begin(), more.end());
}

// A file that cannot be read is an error of whoever needs its settings.
void find_owner(const HostRoot& root, const std::string& file,
                HostFacts& facts) {
  const auto owner = managed_by(root, file);
  if (owner.ok() && *owner) {
    facts.managed_by.emplace(file, **owner);
  }
}

// Whether its first line is Debian's Include; a file that cannot be read has
// none.
bool begins_with_drop_ins(const HostRoot& root) {
  constexpr std::size_t kMaxBytes = 1 << 20;
  const Result<File> file = read_file(root, "/etc/ssh/ssh_config", kMaxBytes);
  if (!file.ok()) {
    return false;
  }
  std::istringstream lines(file->bytes);
  for (std::string line; std::getline(lines, line);) {
    const std::string_view text = trim(line);
    if (!text.empty() && !text.starts_with('#')) {
      return text == "Include /etc/ssh/ssh_config.d/*.conf";
    }
  }
  return false;
}

}  // namespace

std::vector<Error> look_at_host(const HostRoot& root,
                                const std::vector<std::string>& files,
                                std::chrono::steady_clock::time_point now,
                                HostMemory& memory, HostFacts& facts) {
  constexpr std::chrono::minutes kPause{1};
  if (now >= memory.look_again_at) {
    memory.look_again_at = now + kPause;
    memory.facts = {};
    memory.errors.clear();
    append(logind::collect(root, memory.facts.logind), memory.errors);
    append(shell_timeout::collect(root, memory.facts.shell_timeout),
           memory.errors);
    append(platform::collect(root, memory.facts.platform), memory.errors);
    append(sysctl::collect_files(root, memory.facts.sysctl_files),
           memory.errors);
    memory.facts.ssh_config_has_drop_ins = begins_with_drop_ins(root);
    for (const std::string& file : files) {
      find_owner(root, file, memory.facts);
    }
    for (const sysctl::FileSetting& setting :
         memory.facts.sysctl_files.settings) {
      if (setting.source) {
        find_owner(root, setting.source->file, memory.facts);
      }
    }
  }
  facts = memory.facts;
  return memory.errors;
}

}  // namespace ssh_keepalive
