#ifndef SSH_KEEPALIVE_EXPORTER_CLI_SESSION_TABLE_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_SESSION_TABLE_H_

#include <optional>
#include <string>
#include <vector>

#include "diagnosis/judged_session.h"

namespace ssh_keepalive {

struct TableLayout {
  bool colour = false;
  // When the path forgets is a guess: it colours nothing.
  bool path_is_assumed = false;
  // In letters; less important columns go first. Nothing: as wide as it gets.
  std::optional<std::size_t> width;
};

// A line of titles and one for each session, in the order given, without line
// breaks.
std::vector<std::string> table_lines(
    const std::vector<diagnosis::JudgedSession>& all,
    const TableLayout& layout);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_SESSION_TABLE_H_
