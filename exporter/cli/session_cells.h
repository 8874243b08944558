// One session as the cells of a table's row.
#ifndef SSH_KEEPALIVE_EXPORTER_CLI_SESSION_CELLS_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_SESSION_CELLS_H_

#include <array>
#include <string>

#include "collectors/sessions/session.h"

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
  kColumns,
};

// Printable ASCII only, so that bytes are columns of a terminal. A cell that
// is not known, or has nothing to say, is "-".
using Row = std::array<std::string, kColumns>;

const Row& column_titles();

Row cells_of(const sessions::Session& session);

// In a few letters: "250ms", "2.8s", "1m15s", "1h58m", "3d4h".
std::string short_duration(sessions::milliseconds time);

// At most `width` letters (4 or more): what is cut out of the middle is "..".
std::string cut_to(std::string text, std::size_t width);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_SESSION_CELLS_H_
