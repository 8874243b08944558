#ifndef SSH_KEEPALIVE_EXPORTER_CLI_SESSION_TABLE_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_SESSION_TABLE_H_

#include <optional>
#include <string>
#include <vector>

#include "collectors/sessions/session.h"

namespace ssh_keepalive {

struct TableLayout {
  bool colour = false;
  // In letters; less important columns go first. Nothing: as wide as it gets.
  std::optional<std::size_t> width;
};

// A line of titles and one for each session, in the order given, without line
// breaks.
std::vector<std::string> table_lines(const std::vector<sessions::Session>& all,
                                     const TableLayout& layout);

// "9 sessions (6 server, 3 client), of which 2 unanswered, 1 closed by the
// peer". Without sessions "0 sessions".
std::string summary_of(const std::vector<sessions::Session>& all);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_SESSION_TABLE_H_
