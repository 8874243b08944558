// The files of an evaluation: read once, parsed once, kept while unchanged.
#ifndef SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_FILES_H_
#define SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_FILES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "collectors/base/file.h"
#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "collectors/openssh_syntax/include.h"
#include "collectors/ssh_config/statement.h"

namespace ssh_keepalive::ssh_config {

class Files {
 public:
  Files(HostRoot root, openssh::Version version);

  struct Loaded {
    std::shared_ptr<const ParsedFile> parsed;
    FileIdentity identity;
  };

  // From here on every file is looked at again before it is used. What is not
  // used until the next call is forgotten then.
  void refresh();

  // Errors as read_file's; kLimit also where the files together say too much.
  // A directory reads as an empty file, as it does for ssh.
  Result<Loaded> open(const std::string& path);

  // The files that an Include means, sorted; none is no error. Errors: kLimit.
  Result<std::vector<std::string>> expand(const std::string& pattern,
                                          openssh::IncludeSearch& search) const;

  [[nodiscard]] std::optional<std::string> home_of(std::string_view user) const;

  // Whether ssh run by `uid` trusts a file: owned by root or that user, and
  // writable by nobody else. Debian's ssh also lets a group write that has
  // nobody in it but that user. In an unpacked or mapped tree, whoever owns
  // its top is root.
  [[nodiscard]] bool trusted(const FileIdentity& identity,
                             std::uint32_t uid) const;

  [[nodiscard]] const openssh::Version& version() const { return version_; }
  [[nodiscard]] const openssh::Services& services() const { return services_; }

 private:
  struct Entry {
    Loaded loaded;
    std::size_t words = 0;
    std::uint64_t bytes = 0;
    bool seen = false;  // since refresh()
  };

  void uncount(const Entry& entry);

  HostRoot root_;
  openssh::Version version_;
  openssh::Services services_;
  std::uint32_t root_owner_ = 0;
  std::map<std::string, Entry> entries_;
  std::size_t words_ = 0;    // in entries_
  std::uint64_t bytes_ = 0;  // in entries_
};

}  // namespace ssh_keepalive::ssh_config

#endif  // SSH_KEEPALIVE_COLLECTORS_SSH_CONFIG_FILES_H_
