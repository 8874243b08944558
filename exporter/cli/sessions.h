#ifndef SSH_KEEPALIVE_EXPORTER_CLI_SESSIONS_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_SESSIONS_H_

#include <string>
#include <vector>

#include "collectors/registry.h"
#include "diagnosis/report.h"
#include "exporter/cli/output_format.h"
#include "exporter/cli/session_table.h"

namespace ssh_keepalive {

struct SessionsOptions {
  OutputFormat format = OutputFormat::kText;  // kText or kJson
  TableLayout layout;                         // of kText
  bool on_one_line = false;                   // of kJson
};

// `sessions`: a table for people and a line that sums it up, or the reference
// pages' JSON. Both are ordered by risk, and among equals the longest silent
// one comes first. `facts.sessions` is there.
std::string sessions_text(const SessionsOptions& options, const Facts& facts,
                          const diagnosis::Report& report);

// The table as lines for a screen of `height` lines: the line that sums it up
// first, and what has no room at the end is counted.
std::vector<std::string> sessions_screen(const TableLayout& layout,
                                         std::size_t height, const Facts& facts,
                                         const diagnosis::Report& report);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_SESSIONS_H_
