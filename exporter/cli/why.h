#ifndef SSH_KEEPALIVE_EXPORTER_CLI_WHY_H_
#define SSH_KEEPALIVE_EXPORTER_CLI_WHY_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/base/host_root.h"
#include "collectors/base/result.h"
#include "exporter/cli/output_format.h"
#include "exporter/ends/stored_ends.h"

namespace ssh_keepalive {

struct WhyOptions {
  OutputFormat format = OutputFormat::kText;  // kText or kJson
  bool colour = false;
  std::string of;          // a user, or a peer's address; empty: everybody's
  std::size_t last = 20;   // how many the text shows; 0: all
  std::string state_file;  // [ends] state_file; empty: none
  std::chrono::system_clock::time_point now;
};

// `why [USER|PEER]`: what ended the last sessions, the newest first. Errors:
// kAbsent where there is no state file; those of read_stored_ends.
Result<std::string> why(const WhyOptions& options, const HostRoot& root);

// Whether `text` is the user of that end or the address of its peer, with or
// without the port and the brackets around one of IPv6.
bool is_end_of(const diagnosis::SessionEnd& end, std::string_view text);

// For people; `shown` are those of `stored` that were asked for, newest first.
std::string ends_text(const WhyOptions& options, const StoredEnds& stored,
                      const std::vector<diagnosis::SessionEnd>& shown);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_CLI_WHY_H_
