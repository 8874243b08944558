// What is kept of sessions that have ended, and the file that keeps it.
#ifndef SSH_KEEPALIVE_EXPORTER_ENDS_STORED_ENDS_H_
#define SSH_KEEPALIVE_EXPORTER_ENDS_STORED_ENDS_H_

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "diagnosis/session_end.h"

namespace ssh_keepalive {

// What silences have shown of the paths of one network namespace.
struct PathIdle {
  // Nothing: none was seen yet.
  std::optional<std::chrono::duration<double>> longest_survived;
  std::optional<std::chrono::duration<double>> shortest_lost;

  bool operator==(const PathIdle&) const = default;
};

using PathIdles = std::map<std::string, PathIdle>;  // by netns::Name::label()

struct StoredEnds {
  // Since when ends are recorded; nothing: unknown.
  std::optional<std::chrono::system_clock::time_point> since;
  std::vector<diagnosis::SessionEnd> ends;  // oldest first
  PathIdles paths;

  bool operator==(const StoredEnds&) const = default;
};

inline constexpr std::size_t kMaxStateFileBytes = std::size_t{16} << 20;

// Reads the file, an absolute path of that host. Errors: kAbsent; kDenied;
// kInvalid (not such a file, or larger than kMaxStateFileBytes); kFailed.
Result<StoredEnds> read_stored_ends(const HostRoot& root,
                                    const std::string& file);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_ENDS_STORED_ENDS_H_
