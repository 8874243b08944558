// Ends of sessions as JSON, to keep and to show: docs/commands.md.
#ifndef SSH_KEEPALIVE_EXPORTER_ENDS_END_JSON_H_
#define SSH_KEEPALIVE_EXPORTER_ENDS_END_JSON_H_

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "collectors/base/result.h"
#include "diagnosis/session_end.h"
#include "exporter/ends/stored_ends.h"

namespace ssh_keepalive {

// Seconds since 1970, to the millisecond.
double time_since_1970(std::chrono::system_clock::time_point time);

// Every key, null where it is unknown. Times as above.
nlohmann::ordered_json end_json(const diagnosis::SessionEnd& end);

// The document of the state file. Bytes that are no UTF-8 are replaced; times
// and lengths that the reader would refuse are moved to the nearest that it
// takes, and those of paths left out.
std::string stored_ends_text(const StoredEnds& stored);

// The same back. Members that it does not know do not matter; error kInvalid
// with a `reason` like "ends[3].pid: expected a number from 1 to 2147483647".
Result<StoredEnds> parse_stored_ends(std::string_view text);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_ENDS_END_JSON_H_
