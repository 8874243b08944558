// Directories of systemd's kind ("sysctl.d", "logind.conf.d"): a file replaces
// those of the same name in the directories behind its own. conf-files.c of
// systemd.
#ifndef SSH_KEEPALIVE_COLLECTORS_BASE_DROP_INS_H_
#define SSH_KEEPALIVE_COLLECTORS_BASE_DROP_INS_H_

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"

namespace ssh_keepalive {

inline constexpr std::size_t kMaxDropIns = 1024;  // in all directories

struct DropIns {
  // Paths by the file's name, which is the order in which they act. The first
  // path of a name is read, the others are replaced by it.
  std::map<std::string, std::vector<std::string>> files;
  // There may be more files than were found: see `errors`.
  bool incomplete = false;
  std::vector<Error> errors;
};

// The files *.conf, in the order of the directories. One that does not exist is
// no error, and one that is a link to an earlier one is passed over.
DropIns find_drop_ins(const HostRoot& root,
                      std::span<const std::string_view> directories);

// Whether systemd too reads nothing from a file that could not be read with
// that error: a dangling link, /dev/null and a directory say nothing.
bool reads_as_empty(const HostRoot& root, const std::string& path,
                    const Error& error);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_BASE_DROP_INS_H_
