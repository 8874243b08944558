#include "collectors/host_facts.h"

#include "collectors/base/managed_by.h"

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
