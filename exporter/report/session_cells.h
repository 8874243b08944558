// One session as the cells of a table's row.
#ifndef SSH_KEEPALIVE_EXPORTER_REPORT_SESSION_CELLS_H_
#define SSH_KEEPALIVE_EXPORTER_REPORT_SESSION_CELLS_H_

#include <array>
#include <string>

#include "collectors/sessions/session.h"
#include "diagnosis/judged_session.h"

namespace ssh_keepalive {

enum Column : std::size_t {
  kRole,
  kNetns,  // shown only where one is not the host's
  kUser,
  kTty,
  kPid,
  kPeer,
  kLocal,
  kState,
  kKeepalive,
  kTimer,
  kSilent,
  kRefresh,
  kDeadPeer,
  kFate,
  kColumns,
};

// Printable ASCII only, so that bytes are columns of a terminal. A cell that
// is not known, or has nothing to say, is "-".
using Row = std::array<std::string, kColumns>;

const Row& column_titles();

Row cells_of(const diagnosis::JudgedSession& judged);

// In a few letters: "250ms", "2.8s", "1m15s", "1h58m", "3d4h".
std::string short_duration(sessions::milliseconds time);

// "2m00s", "2m00s-4m00s", "<=2h00m" where its beginning is now, ">=2h00m" where
// its end is never, "never".
std::string short_range(const diagnosis::TimeRange& range);

// At most `width` letters (4 or more): what is cut out of the middle is "..".
std::string cut_to(std::string text, std::size_t width);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_REPORT_SESSION_CELLS_H_
